import { once } from 'node:events';
import { resolve } from 'node:path';
import { planOf } from '@earshot/calls/contracts';
import {
  DEFAULT_LINES,
  DEFAULT_VAD,
  type LanguageModel,
  type Synthesizer,
} from '@earshot/conversation';
import { expect, test } from 'vitest';
import { readReceptionist } from '../receptionist-file.ts';
import { Receptionist } from './receptionist.ts';

const never = new AbortController().signal;

/** Answers nobody. */
const model: LanguageModel = {
  async *reply() {},
  usualLines: ['We open at nine. Anything else?'],
};

async function receptionistWith(synthesizer: Synthesizer): Promise<Receptionist> {
  const salon = resolve(import.meta.dirname, '../../receptionists/hair-salon.yaml');
  const forCall = () => {
    throw new Error('nobody calls');
  };
  return new Receptionist({
    profile: await readReceptionist(salon),
    engines: { synthesizer, forCall, languageModel: () => model },
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
    expect(() => receptionist.answer({ plan, earlier: null, keep: () => true })).toThrow();
    expect(known).toEqual([{ placed: direction === 'outbound' }]);
  },
);
