import { doesNotKnow, firstFew, type Inquiry, listed, sentence, type Told } from './inquiry.ts';
import { spokenPhrase } from './spoken-words.ts';

/** Ways to pay that callers name beside those of the profile, in the words of an answer. */
const KNOWN: readonly (readonly [said: string, RegExp])[] = [
  ['credit cards', / credit cards? /],
  ['debit cards', / debit cards?| debit /],
  ['cards', /(?<! (?:credit|debit|gift)) cards? /],
  ['cash', / cash /],
  ['Visa', / visa /],
  ['Mastercard', / master ?card /],
  ['American Express', / (?:american express|amex) /],
  ['Discover', / discover /],
  ['Apple Pay', / apple pay /],
  ['Google Pay', / google pay /],
  ['PayPal', / pay ?pal /],
  ['Venmo', / venmo /],
  ['checks', / (?:checks?|cheques?) /],
  ['bitcoin', / (?:bitcoins?|crypto) /],
  ['financing', / (?:financing|installments?) /],
  ['insurance', / insurance /],
];
const ALL_CARDS = /^ (?:(?:all|any|major|credit|and|debit) )*(?<! debit )cards? $/;
const CREDIT_CARD =
  / (?:credit cards?|visa|master ?card|american express|amex|discover|diners(?: club)?) /;
const DEBIT_CARD = / (?:debit cards?|debit|girocard|ec cards?|maestro) /;
const BRANDS = new Set(['Visa', 'Mastercard', 'American Express', 'Discover']);

/** The ways to pay that are called by the owner's own words for them. */
export function methodsIn({ profile, phrase }: Inquiry): readonly string[] {
  return profile.payment.methods.filter((method) => phrase.includes(spokenPhrase(method)));
}

export function tellPayment(inquiry: Inquiry): Told {
  const { profile, phrase, turn } = inquiry;
  const { methods, deposit, refundPolicy } = profile.payment;
  if (/ refunds? | refunded | money back /.test(phrase))
    return refundPolicy ? { text: sentence(refundPolicy) } : doesNotKnow(turn, 'about refunds');
  if (/ deposits? /.test(phrase))
    return deposit ? { text: sentence(deposit) } : doesNotKnow(turn, 'about a deposit');
  if (methods.length === 0) return doesNotKnow(turn, 'how you can pay');
  const asked = KNOWN.filter(([, pattern]) => pattern.test(phrase));
  const own = methodsIn(inquiry);
  const taken = methods.filter(
    (method) => own.includes(method) || asked.some((known) => accepts(method, known)),
  );
  if (taken.length > 0) return { text: `Yes, we take ${listed(taken.slice(0, 4))}.` };
  const all = `We take ${firstFew(methods)}.`;
  const lack = listed(
    asked.map(([said]) => said),
    'or',
  );
  return { text: lack === '' ? all : `I don't have ${lack} on my list. ${all}` };
}

/** Whether the owner's word for a way to pay names the one asked for, or plainly holds it. */
function accepts(method: string, [said, pattern]: (typeof KNOWN)[number]): boolean {
  const words = spokenPhrase(method);
  if (pattern.test(words)) return true;
  const isCards = ALL_CARDS.test(words);
  if (BRANDS.has(said)) return isCards;
  if (said === 'credit cards') return isCards || CREDIT_CARD.test(words);
  if (said === 'debit cards') return DEBIT_CARD.test(words) || (isCards && !/ credit /.test(words));
  return said === 'cards' && (isCards || CREDIT_CARD.test(words) || DEBIT_CARD.test(words));
}
