import { doesNotKnow, type Inquiry, sentence, type Told } from './inquiry.ts';
import { isCurrent } from './opening-hours.ts';
import type { Promo } from './profile.ts';
import { contentStems, spokenWords, stems } from './spoken-words.ts';

const KIND = / (\w+) (?:discounts?|deals?|promotions?|promos?|coupons?|specials?) /;
const PURPOSE = / (?:discounts?|deals?|coupons?|specials?) ((?:for|on) (?:\w+ ){1,4})/;
// Words before 'discount' that tell no kind of it.
const PLAIN = new Set(
  contentStems(
    'a any the have has get give offer are there special current more other of your and or what about price deal discount promo today me us you everybody new something anything'.split(
      ' ',
    ),
  ),
);

/** The offers of today. Only what was asked for, or offers in general, are a 'yes'. */
export function tellPromos({ profile, phrase, now, turn }: Inquiry): Told {
  const current = profile.promos.filter((promo) => isCurrent(promo, now)).slice(0, 3);
  const asked = specialIn(phrase);
  const fitting = asked && current.filter((promo) => speaksOf(promo, asked));
  if (asked && current.length === 0) return doesNotKnow(turn, `about ${asked}`);
  if (current.length === 0)
    return { text: "There aren't any special offers that I know of right now." };
  if (fitting?.length === 0) {
    const have = current.length === 1 ? 'We have this offer:' : 'We have these offers:';
    return { text: `I don't know about ${asked}. ${have} ${told(current)}` };
  }
  return { text: `Yes. ${told(fitting || current)}` };
}

/** 'a student discount', 'a discount for seniors'; null where offers in general are asked for. */
function specialIn(phrase: string): string | null {
  const purpose = PURPOSE.exec(phrase)?.[1]?.trim();
  if (purpose && kindStems(purpose).length > 0)
    return `a discount ${purpose.replace(/ (?:please|today|now)$/, '')}`;
  const kind = KIND.exec(phrase)?.[1];
  return kind && kindStems(kind).length > 0 ? `a ${kind} discount` : null;
}

function speaksOf({ description }: Promo, asked: string): boolean {
  const words = stems(description);
  return kindStems(asked).every((stem) => words.has(stem));
}

function kindStems(text: string): readonly string[] {
  return contentStems(spokenWords(text)).filter((stem) => !PLAIN.has(stem));
}

function told(promos: readonly Promo[]): string {
  const offers = promos.map(({ description, code }) =>
    code ? `${sentence(description)} The code is ${code}.` : sentence(description),
  );
  return offers.join(' ');
}
