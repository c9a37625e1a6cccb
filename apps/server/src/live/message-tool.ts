import type { CallPlan } from '@earshot/calls';
import type { Tool } from '@earshot/conversation';
import { NUMBER_WITHHELD, THIS_CALL } from '@earshot/local';
import { z } from 'zod';
import type { Message } from './message.ts';

const Arguments = z.object({
  name: z.string().trim().max(200).default(''),
  number: z.string().trim().max(60).default(''),
  message: z.string().trim().min(1).max(2_000),
});

/** What some carriers say instead of a withheld number: letters on the keys, such as ANONYMOUS. */
const WITHHELD = new Set(['+266696687', '+7378742833', '+2562533', '+8656696', '+86282452253']);

/** Who is on the phone, whoever dialled. */
export type Parties = Pick<CallPlan, 'direction' | 'to' | 'from'>;

/** All that an agent can do besides talking, in a call between these two. */
export function toolsFor(keep: (message: Message) => boolean, parties: Parties): readonly Tool[] {
  return [END_CALL_TOOL, messageTool(keep, parties)];
}

/**
 * Lets an agent take a message. `keep` says whether there was room for it. The very same message is kept
 * once: a caller who goes on while it is taken has the agent take it again.
 */
export function messageTool(keep: (message: Message) => boolean, parties: Parties): Tool {
  const kept = new Set<string>();
  return {
    name: 'take_message',
    description: 'Passes a message of the caller on to the business.',
    parameters: {
      type: 'object',
      properties: {
        name: { type: 'string', description: "The caller's name" },
        number: {
          type: 'string',
          description: `The number to call back; '${THIS_CALL}' for the one of this call`,
        },
        message: { type: 'string', description: 'What it is about, in one or two sentences' },
      },
      required: ['name', 'number', 'message'],
    },
    run: async (args) => {
      const parsed = Arguments.safeParse(args);
      if (!parsed.success) {
        const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
        return { error: `The message was not taken: ${fields} missing or too long.` };
      }
      const { data } = parsed;
      const number = data.number === THIS_CALL ? callersNumber(parties) : data.number;
      if (number === null) return { error: NUMBER_WITHHELD };
      const message = { ...data, number };
      const key = JSON.stringify(message);
      if (!kept.has(key) && !keep(message))
        return { error: 'There were too many messages in this call.' };
      kept.add(key);
      return { output: 'The message is passed on.' };
    },
  };
}

/** null: withheld. */
function callersNumber({ direction, to, from }: Parties): string | null {
  const number = direction === 'outbound' ? to : from;
  return /^\+\d{7,15}$/.test(number) && !WITHHELD.has(number) ? number : null;
}

/** The agent's way to hang up. Whoever runs the conversation does it once the goodbye is heard. */
export const END_CALL_TOOL: Tool = {
  name: 'end_call',
  description: 'Hangs up, after you have said goodbye.',
  parameters: { type: 'object', properties: {} },
  run: async () => ({ output: 'The call ends.' }),
};
