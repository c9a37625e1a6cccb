/** Writing JSGF grammars: rules by name, the first one public. */

const RESERVED = new Set(['public', 'grammar', 'import']);

/** The same text for the same rules, so that recognizers can keep what they made of it. */
export function grammar(name: string, rules: Readonly<Record<string, string>>): string {
  const [first = name] = Object.keys(rules);
  const lines = Object.entries(rules).map(
    ([rule, body]) => `${rule === first ? 'public ' : ''}<${rule}> = ${body};`,
  );
  return ['#JSGF V1.0;', `grammar ${name};`, ...lines, ''].join('\n');
}

/** Alternatives without doubles. */
export function oneOf(...phrases: readonly string[]): string {
  return [...new Set(phrases.filter((phrase) => phrase !== ''))].join(' | ');
}

/** An owner's text as words of a grammar; '' where it cannot be said word by word. */
export function sayable(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/\bdrs?\b\.?/g, 'doctor')
    .replace(/[’`]/g, "'")
    .split(/[^\p{L}\p{N}']+/u)
    .map((word) => word.replace(/^'+|'+$/g, ''))
    .filter((word) => word !== '');
  const isPlain = words.every((word) => /^[a-z']+$/.test(word) && !RESERVED.has(word));
  return isPlain ? words.join(' ') : '';
}
