import type { Prompt } from '@earshot/conversation';
import { DENTIST } from '../../front-desk/__fixtures__/businesses.ts';
import { systemPrompt } from '../../front-desk/system-prompt.ts';

const websiteText = 'We care for your teeth. '.repeat(875);

/** A call whose system prompt is longer than small contexts, with a name and a number four turns ago. */
export const longPrompt: Prompt = {
  system: systemPrompt({ ...DENTIST, websiteText }),
  turns: [
    { speaker: 'caller', text: 'My name is Jane Miller, 555 0142.' },
    { speaker: 'agent', text: 'Thank you, Jane. What is it about?', interrupted: false },
    { speaker: 'caller', text: 'A broken tooth.' },
    { speaker: 'agent', text: 'Shall I pass on a message?', interrupted: false },
    { speaker: 'caller', text: 'Yes, please.' },
  ],
  tools: [{ name: 'end_call', description: 'Hangs up.', parameters: { type: 'object' } }],
  memory: null,
};
