import type { Config } from './config.ts';

/** What somebody who has started the server should know, beyond where it listens. */
export function noticesOf({ auth, carrier, database, port }: Config): readonly string[] {
  return [
    ...(carrier.type === 'emulator' ? emulatorNotice(carrier.phoneNumber, port) : []),
    ...(auth.localOnly && carrier.type === 'none'
      ? ['No TWILIO_AUTH_TOKEN is set: only the emulator on this machine can call.']
      : []),
    ...(database.type === 'memory'
      ? ['Calls are kept in memory: they end with this process.']
      : []),
  ];
}

/** What is probably not as it was meant to be: for the log. */
export function warningsOf({
  temporal,
  redis,
}: Pick<Config, 'temporal' | 'redis'>): readonly string[] {
  if (!temporal) return [];
  return [
    ...(temporal.payloadKeys.length === 0
      ? ['TEMPORAL_PAYLOAD_KEYS is not set: phone numbers and prompts can be read in Temporal']
      : []),
    ...(redis === null
      ? ['Temporal without Redis: this server does not hear when a call’s life has ended']
      : []),
  ];
}

function emulatorNotice(phoneNumber: string, port: number): readonly string[] {
  return [
    `No TWILIO_ACCOUNT_SID is set: an emulator on this machine connects calls, from ${phoneNumber}.`,
    'A simulated callee answers this one:',
    `  curl -X POST http://localhost:${port}/calls -H 'content-type: application/json' -d '{"phone_number":"+12025550142"}'`,
  ];
}

/** What somebody who has told it to stop should know while it does not. */
export function farewellOf(
  liveCalls: number,
  { graceMs }: Pick<Config, 'graceMs'>,
): readonly string[] {
  if (liveCalls === 0) return [];
  const calls = liveCalls === 1 ? '1 call goes on' : `${liveCalls} calls go on`;
  return [`${calls}, for at most ${Math.ceil(graceMs / 1_000)} s. Again to end at once.`];
}
