import { interrupts, isBackchannel } from './backchannel.ts';
import type { CallerTurn } from './caller-turn.ts';
import type { Floor, Words } from './floor-state.ts';
import type { Recognition } from './ports.ts';

/** Unclear sound shorter than this is not worth a question; after a question it is likely to be the answer. */
const UNCLEAR_MS = 300;
const UNCLEAR_ANSWER_MS = 120;
/** A murmur over the agent: recognizers make up words for it. */
const MURMUR_MS = 600;
const MURMURED_WORDS = 2;

/** What the words mean for the floor. */
export function meaning(
  { text, unclear }: Recognition,
  turn: Pick<CallerTurn, 'spokenMs' | 'answers'>,
  floor: Floor,
): Words {
  const { spokenMs } = turn;
  const answers = turn.answers && floor.at === 'caller';
  if (text === '')
    return unclear && spokenMs > (answers ? UNCLEAR_ANSWER_MS : UNCLEAR_MS) ? 'words' : 'none';
  // An "okay" that took the floor at the end of a question answers it.
  if (isBackchannel(text)) return answers ? 'words' : 'backchannel';
  // Had it been firm, the floor would be the caller's by now.
  const murmured = floor.at === 'agent' && spokenMs <= MURMUR_MS;
  const few = text.trim().split(/\s+/).length <= MURMURED_WORDS;
  return murmured && few && !interrupts(text) ? 'backchannel' : 'words';
}
