import { askAgain } from './ask-again.ts';
import type { Desk } from './desk.ts';
import { type Question, readMemory } from './memory.ts';
import { nextStep } from './next-step.ts';
import type { Step } from './step.ts';
import { understand } from './understanding.ts';

/** What callers say most. */
const SAID = [
  'Hello?',
  'When are you open?',
  'Are you open now?',
  'Are you open tomorrow?',
  'What are your hours on Saturday?',
  'Are you open on Sunday?',
  'Where are you?',
  'Where can I park?',
  'What services do you offer?',
  'Can I pay by credit card?',
  "I'd like to make an appointment.",
  "I'd like to leave a message.",
  'Can I speak to a person?',
  'What is the meaning of life?',
  'Thank you.',
  "No, that's all. Goodbye.",
] as const;

/** Questions of ours that callers often have to hear again. */
const ASKED: readonly Question[] = ['anything', 'choice', 'name', 'number', 'reason'];

/** Prices that are asked for; a list of services may be long. */
const MOST_SERVICES = 8;

/** Wording turns with the replies so far. */
const WORDINGS = [0, 1];

/** What is told to one caller as to any other: worth speaking before they call. */
export function usualSteps(desk: Desk): readonly Step[] {
  const memory = readMemory(null);
  const prices = desk.profile.services
    .slice(0, MOST_SERVICES)
    .map(({ name }) => `How much is ${name}?`);
  const answers = [...SAID, ...prices].flatMap((text) =>
    WORDINGS.map((replies) =>
      nextStep(understand([{ speaker: 'caller', text }]), { ...memory, replies }, desk),
    ),
  );
  const questions = ASKED.flatMap((question) =>
    [0, 1].map((unclear) => askAgain({ ...memory, question, unclear })),
  );
  return [...questions, ...answers];
}
