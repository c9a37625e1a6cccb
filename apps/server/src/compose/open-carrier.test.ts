import { MemoryCallStore } from '@earshot/calls';
import { expect, test } from 'vitest';
import { FakeTwilioApi } from '../api/twilio-api.fake.ts';
import { readStream } from '../carrier.fake.ts';
import { loadConfig } from '../config.ts';
import { PublicUrls } from '../public-urls.ts';
import { StreamTokens } from '../stream-tokens.ts';
import { openCarrier } from './open-carrier.ts';

const never = new AbortController().signal;
const order = {
  callId: 'call-1',
  to: '+12025550142',
  from: '+12025550100',
  ringTimeoutMs: 60_000,
  maxDurationMs: 60_000,
  machineDetection: 'off',
} as const;

function open(env: Record<string, string>, emulatorUrl: string | null) {
  const config = loadConfig(env);
  const tokens = new StreamTokens(config.auth.tokens);
  const store = new MemoryCallStore();
  const carrier = openCarrier({ config, emulatorUrl, urls: new PublicUrls(config), tokens, store });
  return { carrier, tokens };
}

test('a dial carries the stream to connect, with a pass for it', async () => {
  await using api = await FakeTwilioApi.open();
  const { carrier, tokens } = open({}, api.url);
  const sid = await carrier.dial(order, never);
  const { url, parameters } = readStream(api.twimlOf(sid));
  expect(url).toBe('ws://localhost:8000/twilio/media');
  expect(parameters.call).toBe('call-1');
  expect(tokens.redeem(parameters.token, 'call-1')).toBe(true);
});

test.each([
  ['no carrier is configured', { EMULATOR: 'never' }],
  ['the emulator did not come along', {}],
])('where %s nothing is dialled, least of all at Twilio', async (_, env) => {
  const { carrier } = open(env, null);
  await expect(carrier.dial(order, never)).rejects.toMatchObject({ code: 'carrier-unavailable' });
  const leg = { callId: 'call-1', carrierCallId: 'CA1' };
  await expect(carrier.transfer(leg, '+12025550142', never)).rejects.toThrow('TWILIO_ACCOUNT_SID');
  await expect(carrier.sendDigits(leg, '1', never)).rejects.toThrow('TWILIO_ACCOUNT_SID');
  expect(await carrier.lookUp('CA1', never)).toBeNull();
  expect(await carrier.find(order, 0, never)).toBeNull();
  await carrier.hangUp('CA1', never);
});
