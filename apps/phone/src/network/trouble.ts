import { randomFrom } from '../caller/random.ts';
import { TroubleError } from './coded-errors.ts';

/** What can go wrong between Twilio and a server. */
const TROUBLES = [
  /** Callbacks come 5 s late. */
  'late',
  /** Callbacks come twice. */
  'doubled',
  /** Every other callback comes after the one that follows it. */
  'shuffled',
  /** A call is created, and the connection breaks before the answer. */
  'lost-answer',
  /** REST answers take 5 s. */
  'slow',
  /** REST requests are refused as too many (20429), and not carried out. */
  '429',
  /** REST requests are answered with 503, and not carried out. */
  '5xx',
  /** REST connections are reset before anything is done. */
  'down',
] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Decides by chance, the same for the same seed, when which trouble strikes. */
export class Troubles {
  readonly #random: () => number;
  #shares: ReadonlyMap<Trouble, number>;

  /** `given`: `late,lost-answer=0.5`: names, each with the share of cases that it strikes (1). Throws `TroubleError`. */
  constructor(given: string, seed = 1) {
    this.#random = randomFrom(seed);
    this.#shares = parsed(given);
  }

  /** Replaces all troubles; an empty text ends them. Throws `TroubleError`. */
  set(given: string): void {
    this.#shares = parsed(given);
  }

  strikes(trouble: Trouble): boolean {
    const share = this.#shares.get(trouble) ?? 0;
    return share > 0 && this.#random() < share;
  }
}

function parsed(given: string): ReadonlyMap<Trouble, number> {
  const names = given.split(',').map((part) => part.trim());
  return new Map(names.filter((part) => part !== '').map(parsedOne));
}

function parsedOne(part: string): [Trouble, number] {
  const [name, share = '1'] = part.split('=');
  const trouble = TROUBLES.find((one) => one === name);
  if (!trouble) {
    throw new TroubleError(`There is no trouble "${name}"; there are ${TROUBLES.join(', ')}.`);
  }
  const value = Number(share);
  if (share !== '' && value >= 0 && value <= 1) return [trouble, value];
  throw new TroubleError(`The share of ${trouble} is a number from 0 to 1, not "${share}".`);
}
