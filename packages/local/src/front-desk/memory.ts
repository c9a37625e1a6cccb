import { z } from 'zod';

/**
 * What the front desk has just asked, and so how the next words are to be understood:
 * `day` is of an appointment, `choice` is a yes-no question whether to leave a message, `send-anyway` whether to pass one on
 * that was not corrected, `retry` whether to try to save it again.
 */
export const QUESTIONS = [
  'anything',
  'choice',
  'name',
  'name-check',
  'number',
  'number-check',
  'reason',
  'day',
  'message-check',
  'correction',
  'send-anyway',
  'retry',
] as const;

export type Question = (typeof QUESTIONS)[number];

const short = z.string().max(2_000).catch('');
const count = z.int().min(0).max(1_000_000).catch(0);

const noDraft = {
  name: '',
  nameChecked: false,
  number: '',
  numberChecked: false,
  reason: '',
  recipient: '',
  appointment: '',
  when: '',
  closedTold: false,
} as const;

const memorySchema = z
  .object({
    question: z.enum(QUESTIONS).catch('anything'),
    /** We have called this person, not they us. */
    placed: z.boolean().catch(false),
    /** Replies given so far: turns the wording. */
    replies: count,
    /** Unclear or silent turns in a row. */
    unclear: count,
    /** The last reply without its lead-in, for 'sorry?'. */
    said: short,
    /** Service last spoken of, for 'how much is that?'. */
    service: short,
    /** What the caller asked last when they followed up with 'and on Sunday?'. */
    intent: short,
    draft: z
      .object({
        name: short,
        nameChecked: z.boolean().catch(false),
        number: short,
        numberChecked: z.boolean().catch(false),
        reason: short,
        /** Member of staff it is for. */
        recipient: short,
        /** What the message wishes: a new appointment, or a change of an existing one. */
        appointment: z.enum(['', 'new', 'existing']).catch(''),
        /** Day and time of the appointment, where they were not in the wish itself. */
        when: short,
        /** The caller knows that the business is closed on a day they named. */
        closedTold: z.boolean().catch(false),
      })
      .catch(noDraft),
  })
  .catch({
    question: 'anything',
    placed: false,
    replies: 0,
    unclear: 0,
    said: '',
    service: '',
    intent: '',
    draft: noDraft,
  });

/** One call's state, a JSON value that travels in the prompt. */
export type Memory = Readonly<z.infer<typeof memorySchema>>;

/** A message being taken; '' is not known yet. */
export type Draft = Readonly<Memory['draft']>;

/** Stands for a name or number after three attempts. */
export const NOT_UNDERSTOOD = 'not understood';

/** Stands for a name or number that the caller does not tell. */
export const NOT_GIVEN = 'none given';

export const NO_DRAFT: Draft = noDraft;

/** Who is calling stays known for a second message; what it was about does not. */
export function forgotten(draft: Draft): Draft {
  return { ...draft, reason: '', recipient: '', appointment: '', when: '', closedTold: false };
}

/** Anything that is not a memory, or an old one, counts as the start of a call where it differs. */
export function readMemory(value: unknown): Memory {
  return memorySchema.parse(value);
}
