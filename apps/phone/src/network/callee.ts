import { z } from 'zod';

/** What happens when a number is rung. */
export const BEHAVIOURS = [
  'talks',
  'busy',
  'no-answer',
  'voicemail',
  'hangs-up',
  'rejects',
  'unreachable',
  'silent',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

const DEFAULT_GREETING =
  'Hi, you have reached my voicemail. Please leave a message after the beep.';

const calleeObject = z.strictObject({
  does: z.enum(BEHAVIOURS).default('talks'),
  /** How often it rings first, 6 s each. */
  rings: z.number().min(0).max(100).default(0.5),
  /** Who talks: a scenario's name or file. */
  scenario: z.string().min(1).default('callee'),
  /** What the voicemail says. */
  greeting: z.string().trim().min(1).default(DEFAULT_GREETING),
  /** Whether the voicemail beeps. */
  beep: z.boolean().default(true),
  /** How long after the answer a callee hangs up who hangs up at once. */
  afterMs: z.number().int().min(0).max(600_000).default(300),
});

/** A behaviour's name is short for `{does: …}`. */
export const calleeSchema = z.preprocess(
  (given) => (typeof given === 'string' ? { does: given } : given),
  calleeObject,
);

/** One who is called. */
export type Callee = z.infer<typeof calleeObject>;

/** A callee who does that, as usual. */
export function calleeWho(does: Behaviour, more: Partial<Callee> = {}): Callee {
  return { ...calleeObject.parse({ does }), ...more };
}
