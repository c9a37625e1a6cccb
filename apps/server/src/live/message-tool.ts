import type { Tool } from '@earshot/conversation';
import { z } from 'zod';
import type { Message } from './message.ts';

const Arguments = z.object({
  name: z.string().trim().max(200).default(''),
  number: z.string().trim().max(60).default(''),
  message: z.string().trim().min(1).max(2_000),
});

/** All that an agent can do besides talking. */
export function toolsFor(keep: (message: Message) => boolean): readonly Tool[] {
  return [END_CALL_TOOL, messageTool(keep)];
}

/** Lets an agent take a message. `keep` says whether there was room for it. */
export function messageTool(keep: (message: Message) => boolean): Tool {
  return {
    name: 'take_message',
    description: 'Passes a message of the caller on to the business.',
    parameters: {
      type: 'object',
      properties: {
        name: { type: 'string', description: "The caller's name" },
        number: { type: 'string', description: 'The number to call back' },
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
      return keep(parsed.data)
        ? { output: 'The message is passed on.' }
        : { error: 'There were too many messages in this call.' };
    },
  };
}

/** The agent's way to hang up. Whoever runs the conversation does it once the goodbye is heard. */
export const END_CALL_TOOL: Tool = {
  name: 'end_call',
  description: 'Hangs up, after you have said goodbye.',
  parameters: { type: 'object', properties: {} },
  run: async () => ({ output: 'The call ends.' }),
};
