import process from 'node:process';
import { stopSignal } from '@earshot/process';
import { NoScenarioError } from './caller/find-scenario.ts';
import { demoOptions, USAGE, UsageError } from './demo/demo-options.ts';
import { runDemo } from './demo/run-demo.ts';

const stopping = stopSignal();

/** As shells tell it. */
const STOPPED = 130;

process.exitCode = await demo();

/** 0: the call went through. 1: it did not. 2: the command line is wrong. 130: it was stopped. */
async function demo(): Promise<number> {
  const world = { environment: process.env, write: console.log };
  try {
    // npm runs scripts in the project's folder and tells here where the user is.
    const options = demoOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
    if (options) return exitCodeOf(await runDemo(options, world, stopping));
    console.log(USAGE);
    return 0;
  } catch (error) {
    // Errors with a code are written for whoever runs the demo; others are ours, and need their stack.
    const told = error instanceof Error && 'code' in error ? error.message : error;
    console.error(stopping.aborted ? 'Stopped: there is no call to keep.' : told);
    if (stopping.aborted) return STOPPED;
    return error instanceof UsageError || error instanceof NoScenarioError ? 2 : 1;
  }
}

function exitCodeOf(wentThrough: boolean): number {
  if (stopping.aborted) return STOPPED;
  return wentThrough ? 0 : 1;
}
