import { listen } from '../listen/listen.ts';
import { loadTable } from '../load/load-table.ts';
import { runLoad } from '../load/run-load.ts';
import { parseCommandLine, UsageError } from './command-line.ts';
import { explainFailure } from './explain-failure.ts';
import type { Terminal } from './terminal.ts';

/** The numbers of the emulator's own callers and of the business. */
const NUMBERS = { from: '+15550142', to: '+15550100' };
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
    return signal.aborted ? STOPPED : code;
  } catch (cause) {
    if (signal.aborted) return STOPPED;
    // Those with a code are written for the reader; others are ours, and need their stack.
    const isTold = cause instanceof Error && 'code' in cause;
    terminal.complain(
      isTold ? cause.message : String(cause instanceof Error ? cause.stack : cause),
    );
    return cause instanceof UsageError ? 2 : 1;
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
      // Brings the speech engines with it, which the other commands do without.
      const { call } = await import('./call.ts');
      return call(command, terminal, signal);
    }
    case 'load': {
      const { accountSid, authToken } = terminal;
      const { url: voiceUrl, calls, seconds } = command;
      terminal.write(`Placing ${calls} calls of ${seconds} s to ${voiceUrl} …`);
      const account = { voiceUrl, accountSid, authToken, ...NUMBERS };
      const result = await runLoad({ ...account, calls, seconds }, signal);
      const { firstFailure } = result;
      if (firstFailure) terminal.complain(explainFailure(firstFailure.findings, voiceUrl));
      terminal.write(loadTable(result));
      return result.answered === calls && result.inOrder ? 0 : 1;
    }
    case 'listen':
      await listen(command.url, command.callSid, terminal.write, signal);
      return 0;
  }
}
