import process from 'node:process';
import { NoScenarioError } from './caller/find-scenario.ts';
import { demoOptions, USAGE, UsageError } from './demo/demo-options.ts';
import { runDemo } from './demo/run-demo.ts';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stopping.abort());
}

process.exitCode = await demo();

/** 0: the call went through. 1: it did not. 2: the command line is wrong. */
async function demo(): Promise<number> {
  const world = { environment: process.env, write: console.log };
  try {
    // npm runs scripts in the project's folder and tells here where the user is.
    const options = demoOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
    if (options) return (await runDemo(options, world, stopping.signal)) ? 0 : 1;
    console.log(USAGE);
    return 0;
  } catch (error) {
    // Errors with a code are written for whoever runs the demo; others are ours, and need their stack.
    const told = error instanceof Error && 'code' in error ? error.message : error;
    console.error(stopping.signal.aborted ? 'Stopped.' : told);
    return error instanceof UsageError || error instanceof NoScenarioError ? 2 : 1;
  }
}
