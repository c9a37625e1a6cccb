import { loadTable } from '../load/load-table.ts';
import { runLoad } from '../load/run-load.ts';
import { humming } from '../load/talking-caller.ts';
import { explainFailure } from '../report/explain-failure.ts';
import type { Command } from './command-line.ts';
import type { Terminal } from './terminal.ts';

const NUMBERS = { from: '+15550142', to: '+15550100' };

/** Places many calls and prints what was heard in them. Returns the exit code. */
export async function load(
  { calls, seconds, say, url }: Extract<Command, { command: 'load' }>,
  { accountSid, authToken, write, complain }: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const speech = say === null ? humming() : await spoken(say, signal);
  write(`Placing ${calls} calls of ${seconds} s to ${url} …`);
  const account = { voiceUrl: url, accountSid, authToken, ...NUMBERS };
  const result = await runLoad({ ...account, calls, seconds, speech }, signal);
  const { firstFailure } = result;
  if (firstFailure) complain(explainFailure(firstFailure.findings, url));
  write(loadTable(result));
  return result.answered === calls && result.inOrder ? 0 : 1;
}

async function spoken(text: string, signal: AbortSignal): Promise<Int16Array> {
  // Loaded when needed: it brings the speech engines with it.
  const { openCallerVoice } = await import('../caller/caller-voice.ts');
  const { spokenSamples } = await import('../caller/prepare-caller.ts');
  const small = { engines: 'small', modelsDir: '.', folder: '.' } as const;
  await using voice = await openCallerVoice('rms', small, signal);
  return spokenSamples(voice, text, signal);
}
