import type { AudioFrame } from '@earshot/audio';
import { expect, test } from 'vitest';
import { type PiperHttpOptions, PiperHttpSynthesizer } from './piper-http-synthesizer.ts';
import { ScriptedPiperServer, type ScriptedSpeech, toneWav } from './scripted-piper-server.ts';
import { SpeechServerError } from './server-error.ts';

const never = new AbortController().signal;
const piper = ({ url }: { url: string }, options: Partial<PiperHttpOptions> = {}) =>
  new PiperHttpSynthesizer({ baseUrl: url, ...options });
async function speak(synthesizer: PiperHttpSynthesizer, text = 'Good morning.', signal = never) {
  const frames: AudioFrame[] = [];
  for await (const frame of synthesizer.synthesize(text, signal)) frames.push(frame);
  return frames;
}
const saying = (speech: ScriptedSpeech) => ScriptedPiperServer.open({ speak: () => speech });
const texts = (server: ScriptedPiperServer) =>
  server.requests.map(({ body }) => JSON.parse(body.toString()).text);

test.each([16_000, 22_050, 8000])('speaks in frames at the rate of the voice: %i', async (rate) => {
  await using server = await ScriptedPiperServer.open({ sampleRate: rate, speak: () => 1010 });
  const frames = await speak(piper(server));
  expect(new Set(frames.map(({ sampleRate }) => sampleRate))).toEqual(new Set([rate]));
  const lengths = frames.map(({ samples }) => (samples.length * 1000) / rate);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(100);
  expect(Math.min(...lengths)).toBeGreaterThanOrEqual(20);
  const samples = frames.flatMap((frame) => [...frame.samples]);
  expect(Buffer.from(Int16Array.from(samples).buffer)).toEqual(toneWav(1010, rate).subarray(44));
});

test('finds the path of old and new servers, and asks once', async () => {
  await using server = await ScriptedPiperServer.open({ version: '1.3' });
  const synthesizer = piper(server);
  await speak(synthesizer);
  await speak(synthesizer);
  expect(server.requests.map(({ path }) => path)).toEqual(['/synthesize', '/', '/']);
  await using newer = await ScriptedPiperServer.open();
  await speak(piper(newer));
  expect(newer.requests.map(({ path }) => path)).toEqual(['/synthesize']);
});

test('a server that knows neither path is no Piper server', async () => {
  await using server = await ScriptedPiperServer.open();
  const elsewhere = piper({ url: `${server.url}/tts` });
  await expect(speak(elsewhere)).rejects.toMatchObject({ code: 'endpoint-missing' });
});

test('what a language model writes in Piper’s phoneme brackets is not spoken', async () => {
  await using server = await ScriptedPiperServer.open();
  await speak(piper(server), 'We [[ ˈoʊpən\n ]] open [[[[x]]y]] at ]] nine.');
  expect(texts(server)).toEqual(['We open y at nine.']);
});

test('text without words is silence, and nobody is asked', async () => {
  await using server = await ScriptedPiperServer.open();
  for (const text of ['', '  ', '…!', '[[abc]]']) {
    expect(await speak(piper(server), text)).toEqual([]);
  }
  expect(server.requests).toHaveLength(0);
});

test('voice, speaker and pace are sent, and are part of the key for cached speech', async () => {
  await using server = await ScriptedPiperServer.open();
  const options = { voice: 'en_GB-alba-medium', speakerId: 3, lengthScale: 1.2 };
  const synthesizer = piper(server, options);
  await speak(synthesizer, 'Hi.');
  expect(JSON.parse(String(server.requests[0]?.body))).toEqual({
    text: 'Hi.',
    voice: 'en_GB-alba-medium',
    speaker_id: 3,
    length_scale: 1.2,
  });
  expect(synthesizer.voice).not.toBe(piper(server).voice);
});

const tone = toneWav(500, 22_050);
const headed = (change: (wav: Buffer) => void): Buffer => {
  const wav = Buffer.from(tone);
  change(wav);
  return wav;
};

test.each<[string, ScriptedSpeech, string]>([
  ['a page of HTML', Buffer.from('<html>Sign in</html>'), 'answer-unreadable'],
  ['nothing', Buffer.alloc(0), 'answer-unreadable'],
  ['half a header', tone.subarray(0, 20), 'answer-unreadable'],
  ['half a file', tone.subarray(0, 9000), 'answer-cut, retry'],
  ['a rate of 0', headed((wav) => wav.writeUInt32LE(0, 24)), 'answer-unreadable'],
  ['a rate of 2 GHz', headed((wav) => wav.writeUInt32LE(2e9, 24)), 'answer-unreadable'],
  ['MP3', headed((wav) => wav.writeUInt16LE(0x55, 20)), 'answer-unreadable'],
  ['an endless file', Buffer.alloc(20_100_000), 'answer-too-large'],
  ['500', { status: 500, body: 'Traceback' }, 'server-failed, retry'],
  ['503', { status: 503, body: '' }, 'server-busy, retry'],
  ['a redirect', { status: 307, body: '', headers: { location: '/x' } }, 'redirected'],
])('%s is an error with a code', async (_, speech, code) => {
  await using server = await saying(speech);
  const error: unknown = await speak(piper(server)).catch((thrown: unknown) => thrown);
  if (!(error instanceof SpeechServerError)) throw error;
  expect(`${error.code}${error.retryable ? ', retry' : ''}`).toBe(code);
});

test('a file whose header does not know its length is taken whole', async () => {
  await using server = await saying(
    headed((wav) => {
      wav.writeUInt32LE(0xffff_ffff, 4);
      wav.writeUInt32LE(0xffff_ffff, 40);
    }),
  );
  const frames = await speak(piper(server));
  expect(frames.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(11_025);
});

test('no answer in time, or nobody there, is an error with a code', async () => {
  await using server = await saying({ stall: true });
  const late = speak(piper(server, { timeoutMs: 30 }));
  await expect(late).rejects.toMatchObject({ code: 'answer-timed-out', retryable: true });
  await server.quiet();
  await server[Symbol.asyncDispose]();
  await expect(speak(piper(server))).rejects.toMatchObject({ code: 'server-unreachable' });
});

test('barge-in: aborting rejects with the reason and reaches the server', async () => {
  const bargeIn = new AbortController();
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  await using server = await ScriptedPiperServer.open({
    speak: () => {
      resolve();
      return { stall: true };
    },
  });
  const speech = speak(piper(server), 'Good morning.', bargeIn.signal);
  await asked;
  bargeIn.abort(new Error('barge-in'));
  await expect(speech).rejects.toThrow('barge-in');
  await server.quiet();
  expect(server.abandonedAnswers).toBe(1);
});

test('aborting between frames ends the speech', async () => {
  await using server = await saying(2000);
  const bargeIn = new AbortController();
  const speech = piper(server).synthesize('Good morning.', bargeIn.signal);
  await speech.next();
  bargeIn.abort(new Error('barge-in'));
  await expect(speech.next()).rejects.toThrow('barge-in');
});

test('the probe tells a voice the server does not have, which it would replace silently', async () => {
  await using server = await ScriptedPiperServer.open({ voices: ['a', 'b'] });
  const probe = (options: Partial<PiperHttpOptions>) => piper(server, options).available(never);
  expect(await probe({ voice: 'a' })).toMatchObject({ available: true });
  expect((await probe({ voice: 'c' })).detail).toContain('has no voice c (it has a, b)');
  await server[Symbol.asyncDispose]();
  expect(await probe({})).toMatchObject({ available: false });
});
