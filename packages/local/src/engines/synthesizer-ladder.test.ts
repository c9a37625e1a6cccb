import type { AudioFrame } from '@earshot/audio';
import type { SpokenFrame, Synthesizer } from '@earshot/conversation';
import { describe, expect, test } from 'vitest';
import { collect } from '../__fixtures__/real-models.ts';
import { EngineError } from '../host/engine-error.ts';
import {
  type SynthesizerChange,
  SynthesizerLadder,
  type SynthesizerLadderOptions,
} from './synthesizer-ladder.ts';

const never = new AbortController().signal;
/** A rest that no test outlasts. */
const LONG_MS = 600_000;

type Saying = (text: string, signal: AbortSignal) => AsyncIterable<AudioFrame>;

/** Speaks one frame a word, all of them of its own sound, unless it is told to say things otherwise. */
class FakeVoice implements Synthesizer {
  readonly voice: string;
  readonly said: string[] = [];
  readonly #sound: number;
  say: Saying = (text) => this.words(text);

  constructor(voice: string, sound: number) {
    this.voice = voice;
    this.#sound = sound;
  }

  synthesize(text: string, signal: AbortSignal): AsyncIterable<AudioFrame> {
    this.said.push(text);
    return this.say(text, signal);
  }

  async *words(text: string): AsyncGenerator<AudioFrame> {
    for (const _word of text.split(' '))
      yield { samples: new Int16Array(160).fill(this.#sound), sampleRate: 8000 };
  }
}

/** Begins, says so many words, and nothing more; does not even hear that it is told to stop. */
const hanging = (voice: FakeVoice, after = 0): Saying =>
  async function* (text) {
    for await (const frame of voice.words(text.split(' ').slice(0, after).join(' '))) {
      if (after > 0) yield frame;
    }
    await new Promise(() => {});
  };

/** Fails before it says anything. */
const failing = (error: Error): Saying =>
  async function* () {
    yield await Promise.reject(error);
  };

function ladderOf(options: SynthesizerLadderOptions = {}) {
  const first = new FakeVoice('first', 1);
  const standIn = new FakeVoice('stand-in', 2);
  const changes: SynthesizerChange[] = [];
  const back = Promise.withResolvers<void>();
  const ladder = new SynthesizerLadder(first, standIn, {
    restMs: LONG_MS,
    ...options,
    onChange: (change) => {
      changes.push(change);
      if (change.type === 'back') back.resolve();
    },
  });
  return { first, standIn, ladder, changes, back: back.promise };
}

/** Whose sound each word had: '1' the first, '2' the stand-in. */
async function heard(speech: AsyncIterable<SpokenFrame>): Promise<string> {
  return (await collect(speech)).map(({ samples }) => samples[0]).join('');
}

test('speaks with the first voice while that speaks, and its frames are its own', async () => {
  const { ladder, standIn } = ladderOf();
  await using _ladder = ladder;
  const frames = await collect(ladder.synthesize('We are open.', never));
  expect(frames.map(({ samples, standIn }) => [samples[0], standIn])).toEqual(
    Array(3).fill([1, undefined]),
  );
  expect(ladder.voice).toBe('first');
  expect(standIn.said).toEqual([]);
});

describe('a clause', () => {
  test('whose first sound does not come in time is spoken by the stand-in', async () => {
    const { ladder, first, changes } = ladderOf({ patienceMs: 1 });
    await using _ladder = ladder;
    first.say = hanging(first);
    const frames = await collect(ladder.synthesize('We are open.', never));
    expect(frames.map(({ samples, standIn }) => [samples[0], standIn])).toEqual(
      Array(3).fill([2, true]),
    );
    expect(changes).toEqual([{ type: 'resting', code: 'engine-late' }]);
  });

  test('that fails before it sounds is spoken by the stand-in', async () => {
    const { ladder, first, changes } = ladderOf();
    await using _ladder = ladder;
    first.say = failing(new EngineError('engine-crashed', 'It died'));
    expect(await heard(ladder.synthesize('We are open.', never))).toBe('222');
    expect(changes).toEqual([{ type: 'resting', code: 'engine-crashed' }]);
  });

  test('that stops in its middle is begun again by the stand-in: no word is left out', async () => {
    const { ladder, first } = ladderOf({ patienceMs: 1 });
    await using _ladder = ladder;
    first.say = hanging(first, 2);
    expect(await heard(ladder.synthesize('We open at nine.', never))).toBe('112222');
  });

  test('that the stand-in fails at, too, is an error', async () => {
    const { ladder, first, standIn } = ladderOf();
    await using _ladder = ladder;
    first.say = failing(new Error('The first is broken'));
    standIn.say = failing(new Error('The stand-in is broken'));
    await expect(heard(ladder.synthesize('Hello.', never))).rejects.toThrow('The stand-in is');
  });

  test('without sound, as of dots alone, is no failure', async () => {
    const { ladder, first, changes } = ladderOf();
    await using _ladder = ladder;
    first.say = async function* () {};
    expect(await heard(ladder.synthesize('…', never))).toBe('');
    expect(changes).toEqual([]);
  });
});

describe('a synthesizer that has failed', () => {
  test('rests for all calls, and is told of once', async () => {
    const { ladder, first, changes } = ladderOf();
    await using _ladder = ladder;
    first.say = failing(new Error('503: what somebody said'));
    const calls = ['call-1', 'call-2'].map((callId) => ladder.forCall(callId));
    const begun = calls.map(({ synthesize }) => heard(synthesize('One.', never)));
    expect(await Promise.all(begun)).toEqual(['2', '2']);
    for (const { synthesize } of calls)
      expect(await heard(synthesize('Two three.', never))).toBe('22');
    expect(first.said).toEqual(['One.', 'One.']);
    expect(changes).toEqual([{ type: 'resting', code: 'unknown' }]);
  });

  test('is tried behind the callers’ backs, and speaks again once it can', async () => {
    const { ladder, first, standIn, changes, back } = ladderOf({ restMs: 1 });
    await using _ladder = ladder;
    first.say = failing(new Error('503'));
    const failedTwice = Promise.withResolvers<void>();
    expect(await heard(ladder.synthesize('One.', never))).toBe('2');
    first.say = (text) => {
      if (first.said.length < 4) return failing(new Error('503'))(text, never);
      failedTwice.resolve();
      return first.words(text);
    };
    await Promise.all([failedTwice.promise, back]);
    expect(await heard(ladder.synthesize('Two three.', never))).toBe('11');
    expect(standIn.said).toEqual(['One.']);
    expect(changes.map(({ type }) => type)).toEqual(['resting', 'back']);
  });

  test('is tried no more once the ladder is disposed', async () => {
    const { ladder, first, changes } = ladderOf({ patienceMs: 1, restMs: 1 });
    const tried = Promise.withResolvers<void>();
    first.say = hanging(first);
    await heard(ladder.synthesize('One.', never));
    first.say = (text, signal) => {
      tried.resolve();
      return hanging(first)(text, signal);
    };
    await tried.promise;
    await ladder[Symbol.asyncDispose]();
    expect(changes.map(({ type }) => type)).toEqual(['resting']);
  });
});

describe('a barge-in', () => {
  test('ends the work of the first at once, and counts as no failure', async () => {
    const { ladder, first, standIn, changes } = ladderOf({ patienceMs: LONG_MS });
    await using _ladder = ladder;
    const bargeIn = new AbortController();
    const asked = Promise.withResolvers<AbortSignal>();
    first.say = (text, signal) => {
      asked.resolve(signal);
      return hanging(first)(text, signal);
    };
    const speech = heard(ladder.synthesize('We are open.', bargeIn.signal));
    const stopped = await asked.promise;
    bargeIn.abort(new Error('barge-in'));
    await expect(speech).rejects.toThrow('barge-in');
    expect(stopped.aborted).toBe(true);
    expect([changes, standIn.said]).toEqual([[], []]);
  });

  test('between two frames ends the speech', async () => {
    const { ladder, changes } = ladderOf();
    await using _ladder = ladder;
    const bargeIn = new AbortController();
    const speech = ladder.synthesize('We are open.', bargeIn.signal)[Symbol.asyncIterator]();
    await speech.next();
    bargeIn.abort(new Error('barge-in'));
    await expect(speech.next()).rejects.toThrow('barge-in');
    expect(changes).toEqual([]);
  });

  test('on the stand-in reaches it', async () => {
    const { ladder, first, standIn } = ladderOf();
    await using _ladder = ladder;
    const bargeIn = new AbortController();
    first.say = failing(new Error('503'));
    standIn.say = async function* (text, signal) {
      bargeIn.abort(new Error('barge-in'));
      signal.throwIfAborted();
      yield* standIn.words(text);
    };
    await expect(heard(ladder.synthesize('Hello.', bargeIn.signal))).rejects.toThrow('barge-in');
  });

  test('that leaves the speech without a word leaves nobody working', async () => {
    const { ladder, first } = ladderOf();
    await using _ladder = ladder;
    const asked = Promise.withResolvers<AbortSignal>();
    first.say = (text, signal) => {
      asked.resolve(signal);
      return first.words(text);
    };
    for await (const _frame of ladder.synthesize('We are open.', never)) break;
    expect((await asked.promise).aborted).toBe(true);
  });
});
