import type { MediaEnding } from '@earshot/calls';
import type { AgentMemory, PromptTurn } from '@earshot/conversation';
import type { FrontDesk } from '@earshot/local';

/** Said first when a call goes on after its line was lost. */
export const BACK_AGAIN = "Sorry, I'm back. We were cut off.";
export const GO_ON = 'How can I help you?';

/** What became of a transfer, as language models read it. */
const NOBODY_ELSE: PromptTurn = {
  speaker: 'tool',
  call: { id: 'transfer', name: 'transfer_call', arguments: {} },
  result: { error: 'Nobody answered there. The caller is back with you: do not offer it again.' },
};

/** The first words on a stream that goes on with a call, and what the agent knows as it says them. */
export function goingOn(
  earlier: AgentMemory,
  ending: MediaEnding | null,
  frontDesk: Pick<FrontDesk, 'nobodyElse'>,
): { readonly firstWords: string; readonly memory: AgentMemory } {
  if (ending !== 'transferring') return { firstWords: backAgain(earlier), memory: earlier };
  const { text, memory, expectation } = frontDesk.nobodyElse(earlier.memory);
  const turns = [...earlier.turns, NOBODY_ELSE];
  return { firstWords: text, memory: { ...earlier, turns, memory, expectation } };
}

/** What was being said is said from there on, or what was asked last is asked again. */
export function backAgain({ turns, saying }: AgentMemory): string {
  if (saying !== '') return `${BACK_AGAIN} ${saying.replace(BACK_AGAIN, '').trim()}`;
  const last = turns.findLast(({ speaker }) => speaker === 'agent');
  const text = last?.speaker === 'agent' ? last.text : '';
  const question = /[^.!?]*\?\s*$/.exec(text)?.[0].trim();
  return `${BACK_AGAIN} ${question || GO_ON}`;
}
