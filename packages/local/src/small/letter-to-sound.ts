/**
 * English letter-to-sound rules for words that the dictionary lacks, mostly names. Phones are those
 * of CMU's dictionary (ARPABET without stress). The first rule that fits at a place is taken.
 */
const RULES: readonly (readonly [pattern: string, phones: string])[] = [
  // Endings.
  ["o's$", 'OW Z'],
  ["'s$", 'Z'],
  ["'", ''],
  ['tion$', 'SH AH N'],
  ['sion$', 'ZH AH N'],
  ['cious$|tious$', 'SH AH S'],
  ['ous$', 'AH S'],
  ['ture$', 'CH ER'],
  ['(?<=[^aeiouy])le$', 'AH L'],
  ['(?<=[td])ed$', 'IH D'],
  ['(?<=[cfhkpsx])ed$', 'T'],
  ['(?<=[a-z]{2})ed$', 'D'],
  ['(?<=ch|sh|[sxz])es$', 'IH Z'],
  ['(?<=[aeiou][a-z]+)(er|or|ar)$', 'ER'],
  ['(?<=[aeiou].*)ey$|(?<=[aeiou].*)ie$', 'IY'],
  ['(?<=[aeiou].*)y$', 'IY'],
  ['y$', 'AY'],
  ['(?<=[aeiouy].*[^aeiouy])es$', 'Z'],
  ['(?<=[aeiouy].*)e$', ''],
  ['ski$|sky$', 'S K IY'],
  ['i$', 'IY'],
  ['o$', 'OW'],
  ['a$', 'AH'],
  ['mb$', 'M'],
  // Beginnings.
  ['^kn|^gn|^pn', 'N'],
  ['^wr', 'R'],
  ['^ps', 'S'],
  ['^x', 'Z'],
  ['^mc|^mac(?=[^aeiouyhk])', 'M AH K'],
  ['^ts', 'S'],
  ['^ng', 'N'],
  // Groups of consonants.
  ['sch(?=[aeioulmnrw])', 'SH'],
  ['tch', 'CH'],
  ['cz', 'CH'],
  ['sz', 'SH'],
  ['chr', 'K R'],
  ['ch', 'CH'],
  ['sh', 'SH'],
  ['ph', 'F'],
  ['th', 'TH'],
  ['wh', 'W'],
  ['rh', 'R'],
  ['(?<=[aeiou])gh(?=t|$)', ''],
  ['gh', 'G'],
  ['ck', 'K'],
  ['dge', 'JH'],
  ['dg', 'JH'],
  ['qu', 'K W'],
  ['x', 'K S'],
  ['ng(?=$|[^aeiouylr])', 'NG'],
  ['n(?=k)', 'NG'],
  ['sc(?=[eiy])', 'S'],
  ['zz', 'T S'],
  ['([bdfgklmnprstvz])(?=\\1)', ''],
  ['cc(?=[eiy])', 'K S'],
  ['c(?=c)', ''],
  // Groups of vowels.
  ['eigh|aigh', 'EY'],
  ['igh', 'AY'],
  ['ough', 'AO'],
  ['augh', 'AO'],
  ['air|are$', 'EH R'],
  ['eer|ear|ere$|ier', 'IH R'],
  ['oor|oar|our|ore$', 'AO R'],
  ['ure$', 'Y UH R'],
  ['ar', 'AA R'],
  ['or', 'AO R'],
  ['er|ir|ur|yr', 'ER'],
  ['ai|ay|ei|ey', 'EY'],
  ['au|aw', 'AO'],
  ['ee|ea', 'IY'],
  ['eu|ew', 'Y UW'],
  ['ie', 'IY'],
  ['oa|oe', 'OW'],
  ['oi|oy', 'OY'],
  ['oo', 'UW'],
  ['ou|ow(?=[nld])', 'AW'],
  ['ow', 'OW'],
  ['ui|ue', 'UW'],
  ['io', 'IY OW'],
  ['ia', 'IY AH'],
  // A vowel before one consonant and a silent e says its name.
  ['a(?=[^aeiouyrwx]e(s|$))', 'EY'],
  ['e(?=[^aeiouyrwx]e(s|$))', 'IY'],
  ['i(?=[^aeiouyrwx]e(s|$))', 'AY'],
  ['o(?=[^aeiouyrwx]e(s|$))', 'OW'],
  ['u(?=[^aeiouyrwx]e(s|$))', 'UW'],
  ['e(?=n$|l$|t$)(?<=[aeiouy].*e)', 'AH'],
  ['o(?=n$)(?<=[aeiouy].*o)', 'AH'],
  ['a(?=n$|l$)(?<=[aeiouy].*a)', 'AH'],
  ['o(?=ld|lt|st$|ll$)', 'OW'],
  ['a(?=ll$|lk)', 'AO'],
  // Letters.
  ['a', 'AE'],
  ['b', 'B'],
  ['c(?=[eiy])', 'S'],
  ['c', 'K'],
  ['d', 'D'],
  ['e', 'EH'],
  ['f', 'F'],
  ['g(?=[eiy])(?<!^g)', 'JH'],
  ['g', 'G'],
  ['h(?=[aeiouy])', 'HH'],
  ['h', ''],
  ['i', 'IH'],
  ['j', 'JH'],
  ['k', 'K'],
  ['l', 'L'],
  ['m', 'M'],
  ['n', 'N'],
  ['o', 'AA'],
  ['p', 'P'],
  ['q', 'K'],
  ['r', 'R'],
  ['(?<=[aeiou])s(?=[aeiouy])', 'Z'],
  ['(?<=[bdgvmnlr])s$', 'Z'],
  ['s', 'S'],
  ['t', 'T'],
  ['u', 'AH'],
  ['v', 'V'],
  ['w(?=[aeiouy])', 'W'],
  ['w', ''],
  ['y(?=[aeiou])', 'Y'],
  ['y', 'IH'],
  ['z', 'Z'],
];

const COMPILED = RULES.map(([pattern, phones]) => [new RegExp(pattern, 'y'), phones] as const);

/** Phones for any word of letters; words that no rule can say come out as a short vowel. */
export function letterToSound(word: string): string {
  const letters = word.replace(/[^a-z']/g, '');
  const phones: string[] = [];
  for (let at = 0; at < letters.length; ) {
    const step = ruleAt(letters, at);
    if (step.phones !== '') phones.push(step.phones);
    at += step.length;
  }
  return phones.length > 0 ? phones.join(' ') : 'AH';
}

/**
 * Phones for a word that the dictionary lacks: from its hyphenated parts, from two words it is made
 * of ("bright" and "smile"), or by the rules.
 */
export function pronounce(word: string, lookUp: (word: string) => string | null): string {
  const parts = word.split('-').filter((part) => part !== '');
  if (parts.length > 1)
    return parts.map((part) => lookUp(part) ?? pronounce(part, lookUp)).join(' ');
  return compound(word, lookUp) ?? letterToSound(word);
}

// Shorter parts are found in most names and seldom what they are made of.
const SHORTEST_PART = 4;

function compound(word: string, lookUp: (word: string) => string | null): string | null {
  for (let at = word.length - SHORTEST_PART; at >= SHORTEST_PART; at--) {
    const [first, second] = [lookUp(word.slice(0, at)), lookUp(word.slice(at))];
    if (first !== null && second !== null) return `${first} ${second}`;
  }
  return null;
}

function ruleAt(letters: string, at: number): { phones: string; length: number } {
  for (const [pattern, phones] of COMPILED) {
    pattern.lastIndex = at;
    const found = pattern.exec(letters)?.[0];
    if (found) return { phones, length: found.length };
  }
  return { phones: '', length: 1 };
}
