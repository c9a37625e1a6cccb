import type { LocalTime } from './opening-hours.ts';
import type { Profile } from './profile.ts';

/** One question of the caller, with all that an answer may depend on. */
export interface Inquiry {
  readonly profile: Profile;
  /** Form of `spokenPhrase`. */
  readonly phrase: string;
  readonly stems: ReadonlySet<string>;
  readonly now: LocalTime;
  /** Name of the service last spoken of, or ''. */
  readonly lastService: string;
  /** Counts replies, so that wording can vary. */
  readonly turn: number;
}

/** Words for the caller. */
export interface Told {
  readonly text: string;
  /** The text ends by asking whether to take a message. */
  readonly offersMessage?: boolean;
  /** The text ends with a question of its own. */
  readonly asks?: boolean;
  readonly service?: string;
}

/** A different one each turn, the same one for the same turn. */
export function vary(turn: number, ...variants: readonly [string, ...string[]]): string {
  return variants[turn % variants.length] ?? variants[0];
}

/** 'a', 'a and b', 'a, b and c'. */
export function listed(things: readonly string[], word = 'and'): string {
  if (things.length < 2) return things[0] ?? '';
  return `${things.slice(0, -1).join(', ')} ${word} ${things.at(-1) ?? ''}`;
}

/** Four at most, else three and how many more there are: 'one more' is no shorter than its name. */
export function firstFew(things: readonly string[]): string {
  if (things.length <= 4) return listed(things);
  const more = things.length - 3;
  return `${things.slice(0, 3).join(', ')}, and ${inWords(more)} more`;
}

export function inWords(count: number): string {
  return (
    ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][count] ??
    `${count}`
  );
}

/** For text that ends in the middle of a sentence or at its end. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) || trimmed === '' ? trimmed : `${trimmed}.`;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function doesNotKnow(turn: number, about: string): Told {
  const lead = vary(turn, "I'm sorry,", "I'm afraid");
  return {
    text: `${lead} I don't know ${about}. Would you like to leave a message, so that someone can call you back?`,
    offersMessage: true,
  };
}
