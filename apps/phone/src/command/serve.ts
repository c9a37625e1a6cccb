import path from 'node:path';
import { readText, UnreadableError } from '@earshot/process';
import { openCallerVoice } from '../caller/caller-voice.ts';
import { findScenario } from '../caller/find-scenario.ts';
import { aborted } from '../carrier/pass-time.ts';
import { BEHAVIOURS, type Callee, calleeWho } from '../network/callee.ts';
import { Callees } from '../network/callees.ts';
import { PhoneNetwork } from '../network/phone-network.ts';
import { type ServeCommand, UsageError } from './command-line.ts';
import type { Terminal } from './terminal.ts';

/** Serves Twilio's REST API until it is stopped. Returns the exit code. */
export async function serve(
  command: ServeCommand,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const { accountSid, authToken, folder, environment, write } = terminal;
  const { engines, withParent, callee, callees, command: _, ...options } = command;
  const gone = withParent ? [terminal.parentGone?.() ?? signal] : [];
  const modelsDir = path.resolve(folder, environment.MODELS_DIR ?? 'models');
  await using network = await PhoneNetwork.open({
    ...options,
    accountSid,
    authToken,
    callees: await calleesOf(callee, callees, folder),
    studio: {
      folder,
      openVoice: (voice, own, opening) =>
        openCallerVoice(voice, { engines, modelsDir, folder: own }, opening),
    },
    write: withParent ? () => {} : write,
  });
  const { url } = network;
  write(JSON.stringify({ event: 'listening', url, accountSid, numbers: options.numbers }));
  if (!withParent) write(advice(url, accountSid, options.numbers[0] ?? ''));
  await aborted(AbortSignal.any([signal, ...gone]));
  return 0;
}

async function calleesOf(
  callee: string | null,
  file: string | null,
  folder: string,
): Promise<Callees> {
  const usual = callee === null ? null : usualOf(callee, folder);
  if (file === null) return usual ? new Callees(usual) : new Callees();
  const yaml = await readText(path.resolve(folder, file)).catch((cause) => {
    if (!(cause instanceof UnreadableError)) throw cause;
    throw new UsageError(`--callees ${file} cannot be read: ${cause.message}.`, { cause });
  });
  return Callees.parse(yaml, file, usual);
}

function usualOf(given: string, folder: string): Callee {
  const behaviour = BEHAVIOURS.find((one) => one === given);
  if (behaviour) return calleeWho(behaviour);
  return calleeWho('talks', { scenario: findScenario(given, folder) });
}

function advice(url: string, accountSid: string, number: string): string {
  return `
Twilio's REST API for one account. A server places its calls here with

  TWILIO_API_BASE_URL=${url} TWILIO_ACCOUNT_SID=${accountSid} TWILIO_PHONE_NUMBER=${number} TWILIO_AUTH_TOKEN=… npm start

where TWILIO_AUTH_TOKEN is the one that this emulator was started with.
`;
}
