import type { AgentMemory } from '@earshot/conversation';

/** Said first when a call goes on after its line was lost. */
export const BACK_AGAIN = "Sorry, I'm back. We were cut off.";
export const GO_ON = 'How can I help you?';

/** The first words on a stream that goes on with a call: what was asked last is asked again. */
export function backAgain({ turns }: AgentMemory): string {
  const last = turns.findLast(({ speaker }) => speaker === 'agent');
  const text = last?.speaker === 'agent' ? last.text : '';
  const question = /[^.!?]*\?\s*$/.exec(text)?.[0].trim();
  return `${BACK_AGAIN} ${question || GO_ON}`;
}
