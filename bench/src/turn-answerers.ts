import { join } from 'node:path';
import { nodeCommand } from './bridge-run.ts';
import type { Command } from './pinned-process.ts';
import type { Answerer, TurnMode } from './turn-run.ts';
import type { TurnSetting } from './turn-setting.ts';

const SERVER = nodeCommand(new URL('./turn-server.ts', import.meta.url));
const OWN_CLIENT = nodeCommand(new URL('./turn-client.ts', import.meta.url));

/** Whoever speaks over an answer needs a long one. */
const REPLY_SECONDS: Readonly<Record<TurnMode, number>> = { turns: 2, barge: 15, murmurs: 15 };

/** The most aggressive sensible settings, as the peer's own `turns.py` has them. */
const AGGRESSIVE = [
  ...['--vad-start', '0.1', '--vad-stop', '0.1', '--stop', 'smart', '--smart-stop-secs', '1.0'],
  ...['--chunk-ms', '20', '--loop', 'uvloop'],
];

/** Our agent or the plain pipeline, on engines that cost nothing. */
export function free(
  name: string,
  agent: 'cascade' | 'serial',
  { audio, murmurs, words }: TurnSetting,
): Answerer {
  const flags = ['--audio', JSON.stringify([audio, murmurs]), '--words', words, '--agent', agent];
  return {
    name,
    server: (mode) => ({
      line: [...SERVER.line, ...flags, '--reply-seconds', `${REPLY_SECONDS[mode]}`],
    }),
  };
}

/** The same on real engines. */
export function real(
  name: string,
  agent: 'cascade' | 'serial',
  models: string,
  flags: readonly string[] = [],
): Answerer {
  const line: Command['line'] = [...SERVER.line, '--agent', agent, '--models', models, ...flags];
  return { name, server: () => ({ line }) };
}

/** Pipecat with its own defaults, and at its most aggressive. */
export function pipecats(folder: string): Answerer[] {
  const server = (flags: readonly string[]) => (mode: TurnMode) => {
    const python = join(folder, 'venv/bin/python');
    const seconds = ['--reply-seconds', `${REPLY_SECONDS[mode]}`];
    const line: Command['line'] = [python, 'server/agent_server.py', ...seconds, ...flags];
    return { line, folder };
  };
  return [
    { name: 'pipecat', server: server([]) },
    { name: 'pipecat_aggressive', server: server(AGGRESSIVE) },
  ];
}

/** The peer's where it is there, since it is not ours; it does not murmur. */
export function turnClient(
  pipecat: string | null,
  { audio, murmurs }: TurnSetting,
): (mode: TurnMode) => Command {
  const peers: Command | null = pipecat
    ? { line: [process.execPath, join(pipecat, 'client/turn-client.mjs')], folder: pipecat }
    : null;
  return (mode) =>
    mode === 'murmurs' || !peers
      ? { line: [...OWN_CLIENT.line, '--audio', audio, '--murmurs', murmurs] }
      : { ...peers, line: [...peers.line, `--audio=${audio}`] };
}
