import { type AudioFrame, readWav } from '@earshot/audio';
import type { Expectation, Recognizer } from '@earshot/conversation';
import { describe, expect, test } from 'vitest';
import { OpenAiRecognizer } from './openai-recognizer.ts';
import { ScriptedOpenAiServer } from './scripted-openai-server.ts';
import type { ScriptedServer } from './scripted-server.ts';
import type { ScriptedTranscript, ScriptedUtterance } from './scripted-transcript.ts';
import { ScriptedWhisperCppServer } from './scripted-whisper-cpp-server.ts';
import { SpeechServerError } from './server-error.ts';
import { WhisperCppRecognizer } from './whisper-cpp-recognizer.ts';

const never = new AbortController().signal;
const anything: Expectation = { topic: 'anything' };

type Hear = (utterance: ScriptedUtterance) => ScriptedTranscript;
interface Options {
  readonly timeoutMs?: number;
  readonly vocabulary?: string;
}
const kinds: [
  string,
  (hear: Hear) => Promise<ScriptedServer>,
  (server: { readonly url: string }, options?: Options) => Recognizer,
][] = [
  [
    'OpenAI-compatible transcription server',
    (hear) => ScriptedOpenAiServer.open({ hear }),
    ({ url }, options) =>
      new OpenAiRecognizer({ baseUrl: `${url}/v1`, model: 'whisper-1', ...options }),
  ],
  [
    'whisper.cpp server',
    (hear) => ScriptedWhisperCppServer.open({ hear }),
    ({ url }, options) => new WhisperCppRecognizer({ baseUrl: url, ...options }),
  ],
];

describe.each(kinds)('%s', (_, open, recognizerOf) => {
  const hear = (recognizer: Recognizer, utterance = speech(), signal = never) =>
    recognizer.recognize(utterance, anything, signal);
  const codeOf = async (recognizer: Recognizer) => {
    const error: unknown = await hear(recognizer).catch((thrown: unknown) => thrown);
    if (!(error instanceof SpeechServerError)) throw error;
    return `${error.code}${error.retryable ? ', retry' : ''}`;
  };

  test('gets the utterance as a 16 kHz WAV file of its length, and tells the words', async () => {
    const heard: ScriptedUtterance[] = [];
    await using server = await open((utterance) => {
      heard.push(utterance);
      return { text: ' When do you open?\n' };
    });
    const recognition = await hear(recognizerOf(server, { vocabulary: 'Rosie' }));
    expect(recognition).toMatchObject({ text: 'When do you open?', unclear: false });
    expect(recognition.confidence).toBeGreaterThan(0.5);
    expect(recognition.engineMs).toBeGreaterThan(0);
    const wav = readWav(heard[0]?.wav ?? new Uint8Array());
    expect(wav.sampleRate).toBe(16_000);
    expect(Math.abs((wav.samples[0]?.length ?? 0) - 16_000)).toBeLessThanOrEqual(1);
    expect(heard[0]?.fields).toMatchObject({ language: 'en', temperature: '0', prompt: 'Rosie' });
  });

  test('is not asked about silence', async () => {
    await using server = await open(() => ({ text: 'Thank you for watching!' }));
    const silence: AudioFrame = { samples: new Int16Array(8000), sampleRate: 8000 };
    const nothing: AudioFrame = { samples: new Int16Array(0), sampleRate: 8000 };
    expect((await hear(recognizerOf(server), silence)).text).toBe('');
    expect((await hear(recognizerOf(server), nothing)).text).toBe('');
    expect(server.requests).toHaveLength(0);
  });

  test('what it takes for silence itself is not believed', async () => {
    const segments = [{ text: ' I love you.', avg_logprob: -1.4, no_speech_prob: 0.9 }];
    await using server = await open(() => ({ text: 'I love you.', segments }));
    expect(await hear(recognizerOf(server))).toMatchObject({ text: '', unclear: false });
  });

  test('improbable words and loops are unclear, not invented', async () => {
    const unsure = { text: ' Bran muffin', avg_logprob: -1.6, no_speech_prob: 0.1 };
    await using server = await open(() => ({ text: 'Bran muffin', segments: [unsure] }));
    expect(await hear(recognizerOf(server))).toMatchObject({ text: '', unclear: true });
    const loop = { text: ' and and and and and', avg_logprob: -0.1, compression_ratio: 9 };
    await using looping = await open(() => ({ text: loop.text, segments: [loop] }));
    expect(await hear(recognizerOf(looping))).toMatchObject({ text: '', unclear: true });
  });

  test('sure segments are kept and unsure ones left out; confidence is the model’s', async () => {
    const segments = [
      { text: ' Two o’clock.', avg_logprob: -0.5, no_speech_prob: 0.1 },
      { text: ' Thanks.', avg_logprob: -1.5, no_speech_prob: 0.8 },
    ];
    await using server = await open(() => ({ text: 'Two o’clock. Thanks.', segments }));
    const recognition = await hear(recognizerOf(server));
    expect(recognition).toMatchObject({ text: 'Two o’clock.', unclear: false });
    expect(recognition.confidence).toBeCloseTo(Math.exp(-0.5), 5);
  });

  test.each<[string, ScriptedTranscript, string]>([
    ['HTML', { status: 200, body: '<html>Sign in</html>' }, 'answer-unreadable'],
    ['other JSON', { status: 200, body: '{"txt":1}' }, 'answer-unreadable'],
    ['nothing', { status: 200, body: '' }, 'answer-unreadable'],
    ['an endless answer', { status: 200, body: 'x'.repeat(4_100_000) }, 'answer-too-large'],
    ['500', { status: 500, body: 'Traceback' }, 'server-failed, retry'],
    ['503', { status: 503, body: '{"status":"loading model"}' }, 'server-busy, retry'],
    ['400', { status: 400, body: '{"error":"failed to read WAV file"}' }, 'request-rejected'],
    [
      'a redirect',
      { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/x' } },
      'redirected',
    ],
  ])('%s is an error with a code', async (_what, transcript, code) => {
    await using server = await open(() => transcript);
    expect(await codeOf(recognizerOf(server))).toBe(code);
  });

  test('no answer in time, or nobody there, is an error with a code', async () => {
    await using server = await open(() => ({ stall: true }));
    expect(await codeOf(recognizerOf(server, { timeoutMs: 30 }))).toBe('answer-timed-out, retry');
    await server.quiet();
    await server[Symbol.asyncDispose]();
    expect(await codeOf(recognizerOf(server))).toBe('server-unreachable, retry');
  });

  test('aborting rejects with the reason and reaches the server', async () => {
    const bargeIn = new AbortController();
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    await using server = await open(() => {
      resolve();
      return { stall: true };
    });
    const recognition = hear(recognizerOf(server), speech(), bargeIn.signal);
    await arrived;
    bargeIn.abort(new Error('the caller speaks on'));
    await expect(recognition).rejects.toThrow('the caller speaks on');
    await server.quiet();
    expect(server.abandonedAnswers).toBe(1);
    const late = hear(recognizerOf(server), speech(), bargeIn.signal);
    await expect(late).rejects.toThrow('the caller speaks on');
  });
});

describe('OpenAI-compatible transcription server', () => {
  const recognizerOf = ({ url }: { url: string }, model = 'whisper-1', apiKey?: string) =>
    new OpenAiRecognizer({ baseUrl: `${url}/v1`, model, ...(apiKey ? { apiKey } : {}) });

  test('without probabilities it is asked for the plain text, and remembered', async () => {
    const hear = () => ({ text: 'Hello there.' });
    await using server = await ScriptedOpenAiServer.open({ hear, plainOnly: true });
    const recognizer = recognizerOf(server);
    for (let i = 0; i < 2; i += 1) {
      const { text } = await recognizer.recognize(speech(), anything, never);
      expect(text).toBe('Hello there.');
    }
    expect(server.requests).toHaveLength(3);
  });

  test('a missing model, a wrong key and a wrong path are told apart', async () => {
    await using server = await ScriptedOpenAiServer.open({ apiKey: 'k' });
    const code = (recognizer: Recognizer) =>
      recognizer.recognize(speech(), anything, never).catch((error) => error.code);
    expect(await code(recognizerOf(server, 'other', 'k'))).toBe('model-missing');
    expect(await code(recognizerOf(server, 'whisper-1', 'x'))).toBe('key-rejected');
    expect(await code(recognizerOf({ url: `${server.url}/v1` }, 'whisper-1', 'k'))).toBe(
      'endpoint-missing',
    );
  });
});

describe('whisper.cpp server', () => {
  test('is asked for one transcription at a time; the wait is reported and can be given up', async () => {
    const gates: (() => void)[] = [];
    await using server = await ScriptedWhisperCppServer.open({
      hear: () => new Promise((resolve) => gates.push(() => resolve({ text: 'Hello there.' }))),
    });
    const recognizer = new WhisperCppRecognizer({ baseUrl: server.url });
    const giveUp = new AbortController();
    const first = recognizer.recognize(speech(), anything, never);
    const second = recognizer.recognize(speech(), anything, giveUp.signal);
    const third = recognizer.recognize(speech(), anything, never);
    giveUp.abort(new Error('gave up'));
    await expect(second).rejects.toThrow('gave up');
    await opened(gates, 0);
    expect((await first).queuedMs).toBeLessThan((await first).engineMs);
    await opened(gates, 1);
    expect((await third).queuedMs).toBeGreaterThan(0);
    expect(server.mostOpenAnswers).toBe(1);
    expect(server.requests).toHaveLength(2);
  });

  test('one that fails lets the next one in', async () => {
    const answers: ScriptedTranscript[] = [{ status: 500, body: '' }, { text: 'Hello there.' }];
    await using server = await ScriptedWhisperCppServer.open({
      hear: () => answers.shift() ?? { text: '' },
    });
    const recognizer = new WhisperCppRecognizer({ baseUrl: server.url });
    const both = [1, 2].map(() => recognizer.recognize(speech(), anything, never));
    const [failed, heard] = await Promise.allSettled(both);
    expect(failed?.status).toBe('rejected');
    expect(heard).toMatchObject({ value: { text: 'Hello there.' } });
  });

  test('more than can be served in time are refused at once', async () => {
    await using server = await ScriptedWhisperCppServer.open({ hear: () => ({ stall: true }) });
    const recognizer = new WhisperCppRecognizer({ baseUrl: server.url });
    const end = new AbortController();
    const waiting = Array.from({ length: 33 }, () =>
      recognizer.recognize(speech(), anything, end.signal).catch(() => null),
    );
    const refused = recognizer.recognize(speech(), anything, never);
    await expect(refused).rejects.toMatchObject({ code: 'server-busy', retryable: true });
    end.abort();
    await Promise.all(waiting);
  });

  test('the probe tells a server that is still loading', async () => {
    await using server = await ScriptedWhisperCppServer.open({ hear: () => ({ text: '' }) });
    const recognizer = new WhisperCppRecognizer({ baseUrl: server.url });
    server.loading = true;
    expect((await recognizer.available(never)).detail).toContain('still loading');
    server.loading = false;
    expect(await recognizer.available(never)).toMatchObject({ available: true });
  });

  test('an error reported with status 200 is an error', async () => {
    const body = '{"error":"failed to process audio"}';
    await using server = await ScriptedWhisperCppServer.open({
      hear: () => ({ status: 200, body }),
    });
    const recognizer = new WhisperCppRecognizer({ baseUrl: server.url });
    const recognition = recognizer.recognize(speech(), anything, never);
    await expect(recognition).rejects.toMatchObject({ code: 'server-failed' });
  });
});

/** A second that is loud enough to be speech, in bursts as syllables come. */
function speech(): AudioFrame {
  const samples = Int16Array.from({ length: 8000 }, (_, i) =>
    Math.round(9000 * Math.sin(i / 7) * (0.6 + 0.4 * Math.sin(i / 300))),
  );
  return { samples, sampleRate: 8000 };
}

/** Opens a gate as soon as there is one. */
async function opened(gates: (() => void)[], index: number): Promise<void> {
  await expect.poll(() => gates.length, { interval: 2 }).toBeGreaterThan(index);
  gates[index]?.();
}
