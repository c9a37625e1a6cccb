import type { PromptTurn } from '@earshot/conversation';
import { type Intent, weighIntents } from './intent.ts';
import { spokenDigits } from './spoken-number.ts';
import { spokenPhrase, spokenWords, stems } from './spoken-words.ts';

/** What the caller said since the agent was last heard. */
export interface Understanding {
  readonly text: string;
  readonly words: readonly string[];
  /** Form of `spokenPhrase`. */
  readonly phrase: string;
  readonly stems: ReadonlySet<string>;
  readonly weights: ReadonlyMap<Intent, number>;
  /** All digits said or keyed. */
  readonly digits: string;
  /** 'unclear': somebody spoke, and no word of it is known; 'silent': nobody did. */
  readonly kind: 'words' | 'unclear' | 'silent';
}

const ASSENT = new Set(
  '1 yes sure okay right correct exactly please fine good great perfect alright all mhm uh huh um well oh so thanks thank you that is it go ahead do of course definitely absolutely'.split(
    ' ',
  ),
);
const DENIAL =
  /^(?:(?:2|no|nope|nah|(?:that|it|this)(?:['’]?s| is| was)?(?: not|n['’]t)?|(?:it|that|this) (?:isn|wasn)['’]?t|not (?:right|correct|quite|really|yet|it)|wrong|incorrect|right|correct|nothing|none|thanks|thank you|please|sorry|wait|actually|at all|um+|uh+|oh|well)(?![\p{L}'’])[\s,.!?;:–-]*)+/iu;
const KEYED = /\[digits ([^\]]*)\]/g;

/** Joins the caller's last turns: an answer that was never heard leaves them in a row. */
export function understand(turns: readonly PromptTurn[]): Understanding {
  const spoken = lastWords(turns);
  const text = spoken
    .join(' ')
    .replaceAll('[unclear]', ' ')
    .replace(KEYED, (_, keys: string) => ` ${keys.replace(/\D/g, '')} `)
    .replace(/\s+/g, ' ')
    .trim();
  const words = spokenWords(text);
  const wasHeard = spoken.some((line) => line.trim() !== '');
  return {
    text,
    words,
    phrase: spokenPhrase(text),
    stems: stems(text),
    weights: weighIntents(spokenPhrase(text)),
    digits: spokenDigits(words),
    kind: words.length > 0 ? 'words' : wasHeard ? 'unclear' : 'silent',
  };
}

export function weigh(heard: Understanding, intent: Intent): number {
  return heard.weights.get(intent) ?? 0;
}

/** Keys 1 and 2 stand for yes and no. */
export function saysYes(heard: Understanding): boolean {
  return heard.text === '1' || weigh(heard, 'yes') > weigh(heard, 'no');
}

export function saysNo(heard: Understanding): boolean {
  return heard.text === '2' || weigh(heard, 'no') >= Math.max(1, weigh(heard, 'yes'));
}

/** 'Yes, but the number is wrong'. */
export function findsFault(heard: Understanding): boolean {
  return / (?:wrong|incorrect|mistake) /.test(heard.phrase);
}

/** A yes to what was read back. */
export function confirms(heard: Understanding): boolean {
  return saysYes(heard) && !findsFault(heard);
}

/** Yes and nothing else, with which no question for words is answered. */
export function isMereYes(heard: Understanding): boolean {
  return saysYes(heard) && heard.words.every((word) => ASSENT.has(word));
}

/** What is said beside the no: 'about my order' in 'No, it's about my order.' */
export function beyondNo(text: string): string {
  return text.trim().replace(DENIAL, '').trim();
}

function lastWords(turns: readonly PromptTurn[]): readonly string[] {
  const texts: string[] = [];
  for (const turn of turns.toReversed()) {
    if (turn.speaker === 'caller') texts.unshift(turn.text);
    else if (turn.speaker === 'tool' || turn.text.trim() !== '') break;
  }
  return texts;
}
