import { expect, test } from 'vitest';
import type { Synthesizer } from './ports.ts';
import { SpeechCache } from './speech-cache.ts';
import { steadyVoice } from './stage.fake.ts';

const never = new AbortController().signal;

/** Counts what it was asked to say. */
function counting() {
  const said: string[] = [];
  const synthesizer: Synthesizer = {
    voice: 'counting',
    synthesize: (text, signal) => {
      said.push(text);
      return steadyVoice.synthesize(text, signal);
    },
  };
  return { synthesizer, said };
}

async function lengthOf(speech: AsyncIterable<{ samples: Int16Array }>): Promise<number> {
  let length = 0;
  for await (const { samples } of speech) length += samples.length;
  return length;
}

test('a line that was prepared is not synthesised again, and sounds the same', async () => {
  const { synthesizer, said } = counting();
  const cache = new SpeechCache();
  await cache.prepare(synthesizer, ['Hello there. How are you?'], never);
  expect(said).toEqual(['Hello there.', 'How are you?']);
  const cached = cache.over(synthesizer);
  const length = await lengthOf(cached.synthesize('How are you?', never));
  expect(length).toBe(await lengthOf(steadyVoice.synthesize('How are you?', never)));
  expect(said.length).toBe(2);
});

test('other texts, and other voices, go to the synthesizer', async () => {
  const { synthesizer, said } = counting();
  const cache = new SpeechCache();
  await cache.prepare({ ...synthesizer, voice: 'another' }, ['Hello.'], never);
  await lengthOf(cache.over(synthesizer).synthesize('Hello.', never));
  expect(said).toEqual(['Hello.', 'Hello.']);
});

test('a line is whole or not there', async () => {
  const { synthesizer } = counting();
  const cache = new SpeechCache();
  await cache.prepare(synthesizer, ['One moment.'], never);
  expect(cache.line(synthesizer, 'One moment.')?.length).toBeGreaterThan(0);
  expect(cache.line(synthesizer, 'One moment. Please wait.')).toBeNull();
});

test('what a stand-in says in the voice’s place is not kept, and the voice says it once it is back', async () => {
  const { synthesizer, said } = counting();
  const standingIn: Synthesizer = {
    voice: synthesizer.voice,
    async *synthesize(text, signal) {
      for await (const frame of steadyVoice.synthesize(text, signal))
        yield { ...frame, standIn: true };
    },
  };
  const cache = new SpeechCache();
  await cache.prepare(standingIn, ['One moment.'], never);
  expect(cache.line(synthesizer, 'One moment.')).toBeNull();
  await cache.prepare(synthesizer, ['One moment.'], never);
  expect(said).toEqual(['One moment.']);
  expect(cache.line(synthesizer, 'One moment.')?.length).toBeGreaterThan(0);
});
