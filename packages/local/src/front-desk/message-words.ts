import { capitalized, sentence } from './inquiry.ts';
import type { Draft } from './memory.ts';
import { WEEKDAYS } from './profile.ts';

const MAX_REASON_LENGTH = 500;
/** As recognizers without capital letters write it. */
const WEEKDAY = new RegExp(`\\b(?:${WEEKDAYS.join('|')})(?=s?\\b)`, 'g');

/** The message with the caller's words as its last sentence, cut off where it gets too long. */
export function withReason(reason: string, text: string): string {
  const words = text.replace(/^(?:(?:um+|uh+|well|so|yes|okay|hi|hello)[,.]? )+/i, '');
  const more = sentence(capitalized(words));
  return `${reason} ${more}`.trim().slice(0, MAX_REASON_LENGTH);
}

/** All that is passed on. */
export function messageOf({ reason, when }: Draft): string {
  return `${reason} ${when}`.trim().replace(WEEKDAY, capitalized);
}

/** The words of the message itself, said together with the wish to leave one; '' without any. */
export function reasonIn(text: string): string {
  const found =
    /\b(?:(?:please )?(?:tell|let|ask) (?!me\b|us\b)\w+.*|I(?:'m| am|'ll be| will be)(?: going to be)? (?:running|stuck|sick|late).*|about (?:my|a|an|the|your) .*)$/i.exec(
      text,
    )?.[0] ?? '';
  return found
    .replace(
      /[,.]?\s*(?:and\s+)?(?:my (?:phone |telephone |cell )?number|you can reach me|call me (?:back )?(?:at|on)|my name is|this is|thank you|thanks).*$/i,
      '',
    )
    .trim();
}
