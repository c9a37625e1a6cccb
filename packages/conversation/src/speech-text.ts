import { withoutMarkup } from './markup.ts';
import { digitByDigit, inWords, ordinal } from './spoken-numbers.ts';

/**
 * Text made fit to be spoken: markup, emoji and other things for the eye are dropped; addresses, money,
 * times, dates and telephone numbers become the words a person would say. English.
 */
export function fitForSpeech(text: string): string {
  const spoken = RULES.reduce(
    (said, [pattern, say]) => said.replace(pattern, say),
    withoutMarkup(text),
  );
  return spoken
    .replace(/[_*#~^|<>{}`[\]\\]+/g, ' ')
    .replace(/\s+([,.!?;:])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

type Say = (match: string, ...groups: string[]) => string;

const DAYS: Readonly<Record<string, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  tues: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  thur: 'Thursday',
  thurs: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};
const MONTHS =
  'January February March April May June July August September October November December'.split(
    ' ',
  );
const CURRENCIES: Readonly<Record<string, readonly [string, string, string, string]>> = {
  $: ['dollar', 'dollars', 'cent', 'cents'],
  '€': ['euro', 'euros', 'cent', 'cents'],
  '£': ['pound', 'pounds', 'penny', 'pence'],
  CHF: ['franc', 'francs', 'centime', 'centimes'],
};
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  'dr.': 'Doctor',
  'mr.': 'Mister',
  'mrs.': 'Missis',
  'e.g.': 'for example',
  'i.e.': 'that is',
  'etc.': 'and so on',
  'vs.': 'versus',
  'approx.': 'about',
  'ave.': 'Avenue',
  'blvd.': 'Boulevard',
};
const DAY = 'mon|tues?|wed|thu(?:rs?)?|fri|sat|sun';

/** In this order: what is longer and more certain first. */
const RULES: readonly (readonly [RegExp, Say])[] = [
  [/\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, (address) => spelled(address.replace('@', ' at '))],
  [
    /\b(?:https?:\/\/)(?:www\.)?([\w-]+(?:\.[\w-]+)+)[^\s]*?(?=[.,!?;:]?(?:\s|$))/gi,
    (_, host = '') => spelled(host),
  ],
  [/\bwww\.([\w-]+(?:\.[\w-]+)+)[^\s]*?(?=[.,!?;:]?(?:\s|$))/gi, (_, host = '') => spelled(host)],
  [
    /(?:\+\d{1,3}[\s.-]?)?\(?\b\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b|\+\d{8,15}\b|\b\d{3}-\d{4}\b/g,
    telephone,
  ],
  [
    /\b(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b/g,
    (_, year = '', month = '', day = '') =>
      `${MONTHS[Number(month) - 1]} ${ordinal(Number(day))}, ${spokenYear(year)}`,
  ],
  [/(CHF|[$€£])\s?(\d[\d,]*)(?:\.(\d{2}))?(?!\d)/g, money],
  [
    /(?<![\d,.])(\d[\d,]*?)(?:[.,](\d{2}))?\s?([€£])/g,
    (match, whole = '', cents = '', sign = '') => money(match, sign, whole, cents),
  ],
  [/\b24\/7\b/g, () => 'around the clock'],
  [
    /\b(\d{1,2}):(\d{2})(?:\s*([ap])\.?\s?m\b\.?)?/gi,
    (_, hour = '', minute = '', half = '') => clock(hour, minute, half),
  ],
  [
    /\b(\d{1,2})\s*([ap])\.?\s?m\b\.?(?=\s+[A-Z]|$)/gi,
    (_, hour = '', half = '') => `${clock(hour, '', half)}.`.replace(/\.$/, ''),
  ],
  [/\b(\d{1,2})\s*([ap])\.?\s?m\b\.?/gi, (_, hour = '', half = '') => clock(hour, '', half)],
  [/(\d)\s?[–-]\s?(?=\d)/g, (_, before = '') => `${before} to `],
  [
    new RegExp(`\\b(${DAY})\\.?\\s?[–-]\\s?(${DAY})\\b\\.?`, 'gi'),
    (_, from = '', to = '') => `${dayName(from)} to ${dayName(to)}`,
  ],
  [
    /\b(dr\.|mr\.|mrs\.|e\.g\.|i\.e\.|etc\.|vs\.|approx\.|ave\.|blvd\.)/gi,
    (short) => ABBREVIATIONS[short.toLowerCase()] ?? short,
  ],
  [/\b(\d{1,2})(?:st|nd|rd|th)\b/g, (_, number = '') => ordinal(Number(number))],
  [/(\d)\s?%/g, (_, number = '') => `${number} percent`],
  [/\s&\s/g, () => ' and '],
  [/(\d)\s?°\s?([CF])?\b/g, (_, number = '') => `${number} degrees`],
  [/\s[+]\s/g, () => ' plus '],
  [/\s=\s/g, () => ' equals '],
  [/(?<=[a-z])\/(?=[a-z])/gi, () => ' or '],
  [/\s[–—]\s|—/g, () => ', '],
  [/…/g, () => '...'],
];

function spelled(address: string): string {
  return address
    .replaceAll('.', ' dot ')
    .replaceAll('-', ' dash ')
    .replaceAll('_', ' underscore ')
    .replace(/\s+/g, ' ');
}

/** Digit by digit, in the groups in which it is written. */
function telephone(number: string): string {
  const groups =
    number.startsWith('+') && !/[\s().-]/.test(number) ? grouped(number) : number.split(/[^\d]+/);
  return groups.filter(Boolean).map(digitByDigit).join(', ');
}

function grouped(number: string): string[] {
  const digits = number.slice(1);
  const country = digits.length > 10 ? digits.slice(0, -10) : '';
  const rest = digits.slice(country.length);
  return [country, ...(rest.match(/\d{1,3}(?=\d{4})|\d{4}$|\d{1,3}/g) ?? [])];
}

function money(_: string, sign = '$', whole = '', cents = ''): string {
  const [one, many, cent, centsName] = CURRENCIES[sign] ?? ['', '', '', ''];
  const amount = Number(whole.replaceAll(',', ''));
  const small = Number(cents);
  const large = `${inWords(amount)} ${amount === 1 ? one : many}`;
  if (small === 0) return large;
  const rest = `${inWords(small)} ${small === 1 ? cent : centsName}`;
  return amount === 0 ? rest : `${large} and ${rest}`;
}

function clock(hour: string, minute: string, half: string): string {
  const minutes = Number(minute);
  const hours = inWords(Number(hour));
  const suffix = half ? ` ${half.toUpperCase()} M` : '';
  if (minutes === 0) return half || minute === '' ? `${hours}${suffix}` : `${hours} o'clock`;
  return `${hours} ${minutes < 10 ? `oh ${inWords(minutes)}` : inWords(minutes)}${suffix}`;
}

function spokenYear(year: string): string {
  const [century, rest] = [Number(year.slice(0, 2)), Number(year.slice(2))];
  if (rest === 0 || (century === 20 && rest < 10)) return inWords(Number(year));
  return `${inWords(century)} ${rest < 10 ? `oh ${inWords(rest)}` : inWords(rest)}`;
}

function dayName(short: string): string {
  return DAYS[short.toLowerCase()] ?? short;
}
