import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { SpeechCache } from '@earshot/conversation';
import { afterAll, describe, expect, test } from 'vitest';
import {
  collect,
  joined,
  missing,
  modelsDir,
  piperJoe,
  telephone,
  whisperTiny,
  wordErrors,
} from './__fixtures__/real-models.ts';
import { DENTIST } from './front-desk/__fixtures__/businesses.ts';
import { FrontDesk } from './front-desk/front-desk.ts';
import { OllamaLanguageModel } from './http/ollama-language-model.ts';
import { ScriptedOllamaServer } from './http/scripted-ollama-server.ts';
import { ScriptedPiperServer } from './http/scripted-piper-server.ts';
import { openEngines } from './open-engines.ts';

const never = new AbortController().signal;
const nothing = mkdtempSync(path.join(tmpdir(), 'earshot-engines-'));
afterAll(() => rmSync(nothing, { recursive: true }));

/** Without a look at this machine's own Ollama. */
const offline = { modelsDir: nothing, languageModel: 'front-desk' } as const;
/** What opens fastest. */
const simple = { ...offline, voiceDetector: 'energy', endOfTurn: 'none' } as const;
/** Nobody listens on the discard port. */
const deadServer = { baseUrl: 'http://127.0.0.1:9' };

const processesOfOurs = (): string[] =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);

test('a machine without models or network talks with what comes with the packages', async () => {
  const before = processesOfOurs();
  await using engines = await openEngines(offline, never);
  expect(engines.table.map(({ part, engine }) => [part, engine])).toEqual([
    ['recognizer', 'PocketSphinx with small grammars'],
    ['synthesizer', 'Flite'],
    ['voice detector', 'Silero VAD 6.2'],
    ['end of turn', 'Smart Turn 3.2'],
    ['language model', 'Front desk'],
  ]);
  expect(engines.table[0]?.why).toContain(`no Whisper model in ${nothing}`);
  expect(engines.table[1]?.why).toContain(`no Piper voice in ${nothing}`);
  expect(engines.stats().flatMap(({ stats }) => stats.pids)).toHaveLength(4);
  expect(processesOfOurs().length).toBe(before.length + 4);
  await engines[Symbol.asyncDispose]();
  expect(processesOfOurs()).toEqual(before);
});

test('each call has its own place with the shared engines', async () => {
  await using engines = await openEngines(simple, never);
  expect(engines.stats().map(({ part }) => part)).toEqual(['recognizer', 'synthesizer']);
  const call = engines.forCall('call-1', DENTIST);
  expect(call.synthesizer).not.toBe(engines.synthesizer);
  expect(call.synthesizer.voice).toBe(engines.synthesizer.voice);
  expect(call.recognizer).not.toBe(engines.recognizer);
  expect(call.endOfTurn).toBeNull();
  expect(call.fallbackModel).toBeUndefined();
  expect((await collect(call.synthesizer.synthesize('Hello.', never))).length).toBeGreaterThan(1);
});

test('a model that answers speaks, is loaded ahead, and has the front desk behind it', async () => {
  await using server = await ScriptedOllamaServer.open({
    reply: () => ({ steps: [{ end: true }] }),
  });
  const ollama = { baseUrl: server.url, model: 'llama3.1:8b' };
  await using engines = await openEngines({ ...simple, languageModel: 'auto', ollama }, never);
  expect(engines.table.at(-1)?.engine).toBe('Ollama llama3.1:8b');
  const { languageModel, fallbackModel } = engines.forCall('call-1', DENTIST);
  expect(languageModel).toBeInstanceOf(OllamaLanguageModel);
  expect(fallbackModel).toBeInstanceOf(FrontDesk);
  await expect.poll(() => server.loads).toBe(1);
});

test('a voice that fails has Flite behind it, which speaks in its place and is not kept as its speech', async () => {
  await using server = await ScriptedPiperServer.open({
    speak: () => ({ status: 503, body: 'busy' }),
  });
  const changes: unknown[] = [];
  const options = {
    ...simple,
    piperHttp: { baseUrl: server.url },
    onSynthesizer: (change: unknown) => changes.push(change),
  };
  await using engines = await openEngines(options, never);
  expect(engines.table.slice(1, 3).map(({ part, engine }) => [part, engine])).toEqual([
    ['synthesizer', 'Piper server'],
    ['stand-in', 'Flite'],
  ]);
  const cache = new SpeechCache();
  await cache.prepare(engines.synthesizer, ['Hello. How are you?'], never);
  expect(cache.line(engines.synthesizer, 'Hello.')).toBeNull();
  const { synthesizer } = engines.forCall('call-1', DENTIST);
  const speech = await collect(cache.over(synthesizer).synthesize('Hello.', never));
  expect(new Set(speech.map(({ sampleRate }) => sampleRate))).toEqual(new Set([16_000]));
  expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  expect(changes).toEqual([{ type: 'resting', code: 'server-busy' }]);
});

test('what is forced and not there is an error that leaves no process behind', async () => {
  const before = processesOfOurs();
  await expect(openEngines({ ...offline, recognizer: 'whisper' }, never)).rejects.toMatchObject({
    code: 'engine-unavailable',
    message: `No recognizer: no Whisper model in ${nothing} (npm run models fetches it)`,
  });
  expect(processesOfOurs()).toEqual(before);
});

test('an aborted opening leaves no process behind', async () => {
  const before = processesOfOurs();
  const cancel = new AbortController();
  const opening = openEngines(offline, cancel.signal);
  const outcome = expect(opening).rejects.toBe('shutdown');
  cancel.abort('shutdown');
  await outcome;
  expect(processesOfOurs()).toEqual(before);
});

test('servers that do not answer are named, and something else is used', async () => {
  const options = {
    ...simple,
    languageModel: 'auto',
    whisperCpp: deadServer,
    piperHttp: deadServer,
    openAi: { ...deadServer, model: 'some-model' },
    ollama: { ...deadServer, model: 'other-model' },
  } as const;
  await using engines = await openEngines(options, never);
  expect(engines.table.map(({ engine }) => engine)).toEqual([
    'PocketSphinx with small grammars',
    'Flite',
    'Loudness',
    'Words and pauses',
    'Front desk',
  ]);
  for (const row of [0, 1, 4]) expect(engines.table[row]?.why).toContain('127.0.0.1:9');
});

const noModels = missing(whisperTiny.encoder, piperJoe.model, piperJoe.espeakData);

describe.skipIf(noModels)(`with real models (${noModels ?? modelsDir})`, () => {
  test('Whisper and a Piper voice are found and used', async () => {
    await using engines = await openEngines({ ...simple, modelsDir }, never);
    expect(engines.table.slice(0, 2).map(({ engine }) => engine)).toEqual([
      'Whisper tiny.en',
      'Piper en_US-joe-medium',
    ]);
    expect(engines.table[1]?.why).toContain('for want of en_US-lessac-medium');
    const { synthesizer, recognizer } = engines.forCall('call-1', DENTIST);
    const said = 'Can I book a table for Friday evening?';
    const heard = await recognizer.recognize(
      telephone(joined(await collect(synthesizer.synthesize(said, never)))),
      { topic: 'anything' },
      never,
    );
    expect(wordErrors(said, heard.text).errors).toBeLessThanOrEqual(2);
  });

  test('a damaged model is named, and the small engine is used', async () => {
    const damaged = path.join(nothing, 'damaged');
    const folder = path.join(damaged, 'whisper-tiny.en');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'tiny.en-encoder.int8.onnx'), 'half a download');
    writeFileSync(path.join(folder, 'tiny.en-decoder.int8.onnx'), 'half a download');
    copyFileSync(whisperTiny.tokens, path.join(folder, 'tiny.en-tokens.txt'));
    await using engines = await openEngines({ ...simple, modelsDir: damaged }, never);
    expect(engines.table[0]?.engine).toBe('PocketSphinx with small grammars');
    expect(engines.table[0]?.why).toContain('Whisper tiny.en ended with code');
  });
});
