import { once } from 'node:events';
import { resolve } from 'node:path';
import { planOf } from '@earshot/calls/contracts';
import {
  DEFAULT_LINES,
  DEFAULT_VAD,
  type LanguageModel,
  type Synthesizer,
} from '@earshot/conversation';
import type { Profile } from '@earshot/local';
import { expect, test } from 'vitest';
import { readReceptionist } from '../receptionist-file.ts';
import { Receptionist } from './receptionist.ts';

const never = new AbortController().signal;

/** Answers nobody. */
const model: LanguageModel = {
  async *reply() {},
  usualLines: ['We open at nine. Anything else?'],
};

const mute: Synthesizer = { voice: 'fake', async *synthesize() {} };

async function receptionistWith(
  synthesizer: Synthesizer,
  languageModel = model,
  file: Partial<Profile> = {},
): Promise<Receptionist> {
  const salon = resolve(import.meta.dirname, '../../receptionists/hair-salon.yaml');
  const forCall = () => {
    throw new Error('nobody calls');
  };
  return new Receptionist({
    profile: { ...(await readReceptionist(salon)), ...file },
    engines: { synthesizer, forCall, languageModel: () => languageModel },
    vad: DEFAULT_VAD,
  });
}

test('the greeting is ready before the other set lines and usual answers, and these follow unasked', async () => {
  const ready = Promise.withResolvers<void>();
  const last = Promise.withResolvers<void>();
  let spoken = '';
  await using receptionist = await receptionistWith({
    voice: 'fake',
    async *synthesize(text) {
      if (DEFAULT_LINES.filler.startsWith(text)) await ready.promise;
      spoken += `${text} `;
      yield { samples: new Int16Array(160), sampleRate: 8000 };
      if (text === 'Anything else?') last.resolve();
    },
  });
  await receptionist.prepare(never);
  const first = spoken;
  ready.resolve();
  await last.promise;
  expect(first).toMatch(/We were cut off\. How can I help you\? $/);
  for (const line of [DEFAULT_LINES.holding, DEFAULT_LINES.timeIsShort, 'We open at nine.'])
    expect(spoken).toContain(line);
});

test('a receptionist that goes leaves nothing half said, and a voice that fails stops nobody', async () => {
  let aborted = false;
  const waiting = await receptionistWith({
    voice: 'fake',
    async *synthesize(text, signal) {
      yield { samples: new Int16Array(160), sampleRate: 8000 };
      if (!DEFAULT_LINES.filler.startsWith(text)) return;
      if (!signal.aborted) await once(signal, 'abort');
      aborted = true;
      throw signal.reason;
    },
  });
  await waiting.prepare(never);
  await waiting[Symbol.asyncDispose]();
  expect(aborted).toBe(true);
});

test('a file that is too long for the language model is told of, with what would help', async () => {
  const small = { ...model, systemRoom: () => 6_000 };
  const websiteText = 'We cut hair. '.repeat(1_600);
  await using receptionist = await receptionistWith(mute, small, { websiteText });
  expect(receptionist.notice).toMatch(
    /Shear Delight has 2\d{4} characters; it has room for 6000\. .*LLM_CONTEXT_TOKENS=12288 /,
  );
});

test('a file that fits, or that a script answers from, needs no word', async () => {
  const large = { ...model, systemRoom: () => 6_000 };
  await using fitting = await receptionistWith(mute, large);
  expect(fitting.notice).toBeNull();
  await using scripted = await receptionistWith(mute, model, { websiteText: 'x '.repeat(50_000) });
  expect(scripted.notice).toBeNull();
});

test('what a stand-in has said is said by the voice itself once that is back, and no more than once', async () => {
  let away = true;
  const last = Promise.withResolvers<void>();
  const spoken: string[] = [];
  await using receptionist = await receptionistWith({
    voice: 'fake',
    async *synthesize(text) {
      if (!away) spoken.push(text);
      yield { samples: new Int16Array(160), sampleRate: 8000, standIn: away };
      if (!away && text === 'Anything else?') last.resolve();
    },
  });
  await receptionist.prepare(never);
  away = false;
  receptionist.prepareRest();
  await last.promise;
  const once = [...spoken];
  expect(once).toContain('How can I help you?');
  expect(new Set(once).size).toBe(once.length);
  receptionist.prepareRest();
  await receptionist[Symbol.asyncDispose]();
  expect(spoken).toEqual(once);
});

test.each(['inbound', 'outbound'] as const)(
  'the engines know who called whom: %s',
  async (direction) => {
    const known: unknown[] = [];
    const salon = resolve(import.meta.dirname, '../../receptionists/hair-salon.yaml');
    await using receptionist = new Receptionist({
      profile: await readReceptionist(salon),
      engines: {
        synthesizer: { voice: 'fake', async *synthesize() {} },
        languageModel: () => model,
        forCall: (_, __, options) => {
          known.push(options);
          throw new Error('nobody calls');
        },
      },
      vad: DEFAULT_VAD,
    });
    const plan = planOf({ direction });
    expect(() =>
      receptionist.answer({ plan, earlier: null, ending: null, keep: () => true }),
    ).toThrow();
    expect(known).toEqual([{ placed: direction === 'outbound' }]);
  },
);
