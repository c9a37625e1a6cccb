/** Brings Whisper's sentences and a small grammar's words to one form that can be compared. */

const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\b(can|won|shan)'?t\b/g, '$1 not'],
  [/\b(do|does|did|is|are|was|were|has|have|had|would|could|should)n'?t\b/g, '$1 not'],
  [/\b(what|who|where|when|how|that|it|there|here|he|she|name|let)'s\b/g, '$1 is'],
  [/\bwhats\b/g, 'what is'],
  [/'s\b|s'(?=\s|$)/g, 's'],
  [/'m\b/g, ' am'],
  [/'re\b/g, ' are'],
  [/'ll\b/g, ' will'],
  [/'ve\b/g, ' have'],
  [/'d\b/g, ' would'],
];

const SAME: Readonly<Record<string, string>> = {
  dr: 'doctor',
  mr: 'mister',
  tues: 'tuesday',
  wed: 'wednesday',
  thurs: 'thursday',
  colour: 'color',
  checkup: 'check up',
  goodbye: 'goodbye',
  'good-bye': 'goodbye',
  ok: 'okay',
  yep: 'yes',
  yeah: 'yes',
  yup: 'yes',
  nope: 'no',
  nah: 'no',
};

// Without weight for what is asked, so that they never make two phrases look alike.
const SMALL_WORDS = new Set(
  'a an the of for and with or in on at to my your our new some any one do is it i you'.split(' '),
);

/** Lower-case words without punctuation; contractions spelled out, digits kept as they are. */
export function spokenWords(text: string): readonly string[] {
  let plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[’`]/g, "'");
  plain = plain
    .replace(/\b([ap])\.\s?m\b\.?/g, '$1m')
    .replace(/good[- ]bye/g, 'goodbye')
    .replace(/\+(?=\d)/g, ' plus ');
  for (const [pattern, words] of CONTRACTIONS) plain = plain.replace(pattern, words);
  return plain
    .split(/[^\p{L}\p{N}']+/u)
    .map((word) => word.replace(/^'+|'+$/g, ''))
    .flatMap((word) =>
      word === '' ? [] : (Object.hasOwn(SAME, word) ? (SAME[word] ?? word) : word).split(' '),
    );
}

/** The same as one string with a space at either end, for phrase patterns. */
export function spokenPhrase(text: string): string {
  return ` ${spokenWords(text).join(' ')} `;
}

/** The word without its ending, so that 'cleanings' is 'cleaning' is 'clean'. */
function stem(word: string): string {
  if (word.length <= 4) return word.replace(/(?<=\w{3})s$/, '');
  // 'Bikes' is 'bike', which is too short to lose its e.
  if (/^\w\w[^hisxz]es$/.test(word)) return word.slice(0, -1);
  return word.replace(/(ings|ing|ies|es|ed|er|s|y|e)$/, '');
}

/** Stems of the words that matter, with neighbours joined too: 'hair cut' holds 'haircut'. */
export function stems(text: string): ReadonlySet<string> {
  const words = spokenWords(text);
  const joined = words.slice(1).map((word, i) => `${words[i] ?? ''}${word}`);
  return new Set([...contentStems(words), ...joined.map(stem)]);
}

/** Stems of the words that matter, in order. */
export function contentStems(words: readonly string[]): readonly string[] {
  return words.filter((word) => !SMALL_WORDS.has(word)).map(stem);
}

/** 0 to 1: the share of the phrase's words that are in the sentence. */
export function overlap(phrase: string, sentence: ReadonlySet<string>): number {
  const wanted = contentStems(spokenWords(phrase));
  if (wanted.length === 0) return 0;
  const found = wanted.filter((word) => sentence.has(word)).length / wanted.length;
  return sentence.has(stem(spokenWords(phrase).join(''))) ? 1 : found;
}
