import { digitsIn, type Phrase } from './phrase.ts';
import {
  ATTRIBUTES,
  AUXILIARIES,
  CLAIMS,
  CLAUSE_OPENERS,
  CONTRACTIONS,
  DEGREES,
  DETERMINERS,
  FILLERS,
  MID_ADVERBS,
  PREPOSITIONS,
  PRONOUNS,
  QUESTION_WORDS,
  SUBJECTS,
  SUBORDINATORS,
  TRANSITIVES,
  UNFINISHED,
} from './word-classes.ts';

/** Something in the words that speaks for or against the end of a turn. */
export interface EndCue {
  readonly name: string;
  /** Added to the log-odds of the end. */
  readonly weight: number;
  readonly holds: (phrase: Phrase) => boolean;
}

/** A preamble is no longer than this. */
const PREAMBLE = 6;
const SEARCHING =
  /\b(?:i mean|no wait|hold on|hang on|let me (?:see|check|think|look)|(?:one|just a) (?:moment|second|minute)|(?:kind|sort) of)$/;
const TAG = /^(?:think|guess|suppose|believe|hope)$/;

/**
 * Weights are set by hand near those that logistic regression finds in one half of a labelled set;
 * rounded, so that no weight is finer than the few sentences behind it.
 */
export const END_CUES: readonly EndCue[] = [
  cue('question mark', 1.6, ({ text }) => text.endsWith('?')),
  cue('order of a question', 0.4, ({ asks, body }) => asks && body.length > 3),
  cue('comma, dash or dots', -3.2, ({ text }) => /(?:[,;:…–—-]|\.\.)$/.test(text)),
  cue('unfinished', -4, ({ last }) => UNFINISHED.has(last)),
  cue('filler', -3.3, ({ last }) => FILLERS.has(last)),
  cue('preposition', -3.5, (phrase) => PREPOSITIONS.has(phrase.last) && !isStranded(phrase)),
  cue('preposition of a question', -2, (phrase) => isStranded(phrase)),
  cue('auxiliary', -3, (phrase) => AUXILIARIES.has(phrase.last) && !isShortAnswer(phrase)),
  cue('subject', -3, (phrase) => SUBJECTS.has(phrase.last) && !isTurnedRound(phrase)),
  cue('subject of a clause', -3, opensClause),
  cue('adverb before a verb', -3, awaitsVerb),
  cue('degree', -2.5, ({ last, previous }) => DEGREES.has(last) && !CLAIMS.has(previous)),
  cue('claim', -2, ({ last, previous }) => last === 'that' && CLAIMS.has(previous)),
  cue('verb without object', -2.2, (phrase) => TRANSITIVES.has(phrase.last) && !hasObject(phrase)),
  cue('attribute', -2.2, ({ last, previous }) => ATTRIBUTES.has(last) && DETERMINERS.has(previous)),
  cue('determiner', -1.5, ({ last }) => /^(?:some|any|each|every|several)$/.test(last)),
  cue('subordinate clause alone', -2.2, isSubordinate),
  cue('opening with and', -3.6, (phrase) => isPreamble(phrase, /^(?:and|because)$/)),
  cue('opening with so', -1.5, (phrase) => isPreamble(phrase, /^(?:so|but|well)$/)),
  cue('searching', -2, ({ words }) => SEARCHING.test(words.join(' '))),
  cue('number begun', -2.5, isNumberBegun),
  cue('word begun', -2.5, isWordBegun),
];

function cue(name: string, weight: number, holds: (phrase: Phrase) => boolean): EndCue {
  return { name, weight, holds };
}

/** "What are you looking for": what belongs to the preposition stands at the beginning. */
function isStranded({ body, last }: Phrase): boolean {
  if (last === 'like') return body.length < 8 && /^whats?$/.test(body[0] ?? '');
  return /^(?:for|to|with|at|from|about|in)$/.test(last) && asksBefore(body);
}

/** "Which one do you want", "that is what I said"; "… I think". */
function hasObject({ words, last, previous, third }: Phrase): boolean {
  const after = words.length > 4 && !CLAUSE_OPENERS.has(third);
  const tag = after && previous === 'i' && TAG.test(last);
  return tag || asksBefore(words);
}

/** "Yes I do", "no we can't", "where it is", "how much that is". */
function isShortAnswer({ words, topic, last, previous, third }: Phrase): boolean {
  if (!PRONOUNS.has(previous)) return words.length > 5 && asksBefore(words);
  if (words.length > 4) return QUESTION_WORDS.has(third) && /^(?:is|are|was|were|did)$/.test(last);
  return topic === 'yes-no' || /^(?:yes|yeah|no|nope|sure|course)$/.test(words[0] ?? '');
}

/** "How are you", "who is it". */
function isTurnedRound({ body }: Phrase): boolean {
  return QUESTION_WORDS.has(body[0] ?? '') && AUXILIARIES.has(body.at(-2) ?? '');
}

/** "… because you". */
function opensClause(phrase: Phrase): boolean {
  const { last, previous } = phrase;
  return PRONOUNS.has(last) && CLAUSE_OPENERS.has(previous) && !isTurnedRound(phrase);
}

/** "I just", "it might actually". */
function awaitsVerb({ last, previous }: Phrase): boolean {
  const subject = SUBJECTS.has(previous) || CONTRACTIONS.has(previous) || previous === 'it';
  return MID_ADVERBS.has(last) && (subject || AUXILIARIES.has(previous));
}

/** "If I come on Tuesday". */
function isSubordinate({ body, asks, text }: Phrase): boolean {
  if (!SUBORDINATORS.has(body[0] ?? '') || asks || text.includes(',')) return false;
  const rest = body.slice(2);
  const clauses = rest.filter((word) => SUBJECTS.has(word) || CONTRACTIONS.has(word)).length;
  return clauses < 1 && !rest.some((word) => /^(?:please|then|its|thats|you|it|what)$/.test(word));
}

function isPreamble({ words, asks }: Phrase, opening: RegExp): boolean {
  const [first = ''] = words;
  return opening.test(first) && words.length > 1 && words.length <= PREAMBLE && !asks;
}

/** "My number is five five": telephone numbers are longer. */
function isNumberBegun({ words }: Phrase): boolean {
  const digits = digitsIn(words);
  return (
    digits > 0 && digits < 7 && /\b(?:phone|telephone|mobile|my) number is\b/.test(words.join(' '))
  );
}

/** "Eight of f": of a word that is broken off, recognizers make its first letter. */
function isWordBegun({ last, previous }: Phrase): boolean {
  const leads = PREPOSITIONS.has(previous) || DETERMINERS.has(previous);
  return leads && /^[b-hj-z]$/.test(last);
}

function asksBefore(words: readonly string[]): boolean {
  return words.slice(0, -2).some((word) => QUESTION_WORDS.has(word));
}
