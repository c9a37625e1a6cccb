import { NoScenarioError } from '../caller/find-scenario.ts';
import { listen } from '../listen/listen.ts';
import { callVia } from './call-via.ts';
import { parseCommandLine, UsageError } from './command-line.ts';
import { load } from './load.ts';
import type { Terminal } from './terminal.ts';

/** 128 + SIGINT, as shells have it. */
const STOPPED = 130;

/** Does what the command line asks for. Returns the exit code. */
export async function runCommand(
  args: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  try {
    const code = await run(args, terminal, signal);
    // A server is there to be stopped.
    return signal.aborted && args[0] !== 'serve' ? STOPPED : code;
  } catch (cause) {
    if (signal.aborted) return STOPPED;
    // Those with a code are written for the reader; others are ours, and need their stack.
    const isTold = cause instanceof Error && 'code' in cause;
    terminal.complain(
      isTold ? cause.message : String(cause instanceof Error ? cause.stack : cause),
    );
    return cause instanceof UsageError || cause instanceof NoScenarioError ? 2 : 1;
  }
}

async function run(
  args: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const command = parseCommandLine(args);
  switch (command.command) {
    case 'help':
      terminal.write(command.text);
      return 0;
    case 'call': {
      if (command.via !== null) return callVia(command.via, command.scenario, terminal, signal);
      // Loaded when needed: it brings the speech engines with it.
      const { call } = await import('./call.ts');
      return call(command, terminal, signal);
    }
    case 'serve': {
      const { serve } = await import('./serve.ts');
      return serve(command, terminal, signal);
    }
    case 'load':
      return load(command, terminal, signal);
    case 'listen':
      await listen(
        { base: command.url, apiKey: terminal.environment.EARSHOT_API_KEY },
        command.callSid,
        terminal.write,
        signal,
      );
      return 0;
  }
}
