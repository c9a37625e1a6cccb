import { z } from 'zod';
import { OUTCOMES } from '../carrier/call-observer.ts';

const durationMs = z.number().int().min(0).max(600_000);
const decibels = z.number().min(-60).max(20);
const words = z.string().trim().min(1, 'give the words to say');

const delivery = {
  /** Real words of a recording, or what the report is to show. */
  sayAs: words.optional(),
  /** From the caller's usual voice. */
  levelDb: decibels.default(0),
};

const spoken = z
  .strictObject({
    text: words.optional(),
    wav: z.string().optional(),
    /** Said with `pauseMs` of silence between them, as one turn. */
    parts: z.array(words).min(2, 'a turn in parts has at least two').optional(),
    pauseMs: durationMs.default(700),
    /** Thinking time before speaking. */
    delayMs: durationMs.default(0),
    /** Over the agent only: how long the agent has been speaking by then. */
    afterMs: durationMs.default(1_000),
    ...delivery,
  })
  .refine((speech) => [speech.text, speech.wav, speech.parts].filter(Boolean).length === 1, {
    message: 'give exactly one of text, wav, parts',
  });

/** What a step says; a plain text is short for `{text: …}`. */
const speech = z.preprocess(
  (given) => (typeof given === 'string' ? { text: given } : given),
  spoken,
);

const wait = z.strictObject({
  for: z.enum(['agent-begins', 'agent-ends']).default('agent-ends'),
  /** Silence that makes the agent's turn an ended one. */
  quietMs: durationMs.default(900),
  limitMs: durationMs.default(20_000),
});

const steps = {
  /** Says it now. */
  say: speech,
  /** Waits until the agent has spoken and is quiet, then says it. */
  answer: speech,
  /** Says it while the agent speaks, and means to take the floor. */
  bargeIn: speech,
  /** Murmurs it while the agent speaks, and does not mean to take the floor. */
  murmur: speech,
  wait,
  /** Keys of the phone, 200 ms apart. */
  press: z.coerce.string().regex(/^[0-9*#]+$/, 'keys are 0 to 9, * and #'),
  /** Says nothing for so many seconds, whatever the agent does. */
  silent: z.number().min(0).max(600),
  hangUp: z.literal(true),
  /** The phone vanishes: no more audio, no close. */
  vanish: z.literal(true),
};

type StepName = keyof typeof steps;

export type Speech = z.infer<typeof spoken>;
export type Wait = z.infer<typeof wait>;

/** One step: exactly one of the verbs. */
export type Step = {
  [Name in StepName]: { readonly verb: Name; readonly what: z.infer<(typeof steps)[Name]> };
}[StepName];

const step = z.preprocess(
  (given) => (given === 'hangUp' || given === 'vanish' ? { [given]: true } : given),
  z
    .strictObject(steps)
    .partial()
    .refine((given) => Object.keys(given).length === 1, {
      message: `a step is exactly one of ${Object.keys(steps).join(', ')}`,
    })
    .transform((given) => {
      const [verb, what] = Object.entries(given)[0] ?? [];
      return { verb, what } as Step;
    }),
);

const background = z
  .strictObject({
    noise: z.enum(['white', 'pink', 'hum', 'babble']).optional(),
    wav: z.string().optional(),
    /** From the caller's usual voice: −20 is 20 dB under it. */
    levelDb: decibels.default(-25),
  })
  .refine((given) => (given.noise === undefined) !== (given.wav === undefined), {
    message: 'give either noise or wav',
  });

const share = z.number().min(0).max(0.9);

const network = z
  .strictObject({
    loss: share.default(0),
    late: share.default(0),
    burstFrames: z.number().int().min(1).max(100).default(3),
    seed: z.number().int().default(1),
  })
  .refine(({ loss, late }) => loss + late <= 0.95, {
    message: 'loss and late together stay under 0.95',
  });

const pattern = z.string().refine(compiles, { message: 'is no regular expression' });

const message = z.strictObject({ name: z.string(), number: z.coerce.string() });

const expectation = z.strictObject({
  /** Patterns, without regard to case, of which each is in something that the caller heard. */
  agentSays: z
    .preprocess((given) => (typeof given === 'string' ? [given] : given), z.array(pattern))
    .default([]),
  /** Pattern of the agent's last words. */
  farewell: pattern.optional(),
  messages: z.array(message).optional(),
  /** At least so many turns with real audio, both sides counted. */
  turns: z.number().int().optional(),
  /** At least so many after which the agent fell silent. */
  bargeIns: z.number().int().optional(),
  /** At least so many that did not interrupt the agent. */
  backchannels: z.number().int().optional(),
  /** Speech of the agent into the caller's unfinished turn, at most. */
  agentInterruptions: z.number().int().optional(),
  outcome: z.enum(OUTCOMES).optional(),
});

const voice = z.union([z.string(), z.strictObject({ wavs: z.string() })], {
  error: 'must be the name of a voice, or {wavs: FOLDER}',
});

export const scenarioSchema = z.strictObject({
  scenario: z.string().trim().min(1),
  from: z.string().default('+15550142'),
  to: z.string().default('+15550100'),
  /** Name of an engine's voice, or a folder of recordings named after the words. */
  voice: voice.default('rms'),
  levelDb: decibels.default(0),
  background: background.optional(),
  network: network.optional(),
  /** The caller hangs up then, and the report says so. */
  limitMs: durationMs.default(150_000),
  steps: z.array(step).min(1, 'a caller does at least one thing'),
  expect: expectation.optional(),
});

/** A caller: who rings, how they sound, what they do, and what is expected of the agent. */
export type Scenario = z.infer<typeof scenarioSchema>;
export type Expectations = z.infer<typeof expectation>;

function compiles(source: string): boolean {
  try {
    new RegExp(source, 'i');
    return true;
  } catch {
    return false;
  }
}
