import { GrammarError } from './grammar-error.ts';
import { grammarTokens, type Token } from './grammar-tokens.ts';

/** A grammar in the form the decoder takes it: proven to be whole, with our own answers added. */
export interface Grammar {
  readonly jsgf: string;
  /** Every word of it once, in lower case. */
  readonly words: readonly string[];
}

interface Rule {
  /** Its right side, rewritten. */
  readonly body: string;
  readonly words: readonly string[];
  readonly uses: readonly string[];
}

/** Whole answers that are heard in every state of the dialogue. */
const ALWAYS = 'mm-hm | mhm | uh-huh | yeah | yep | okay | right | sure | yes | no | hmm | um | uh';
/** Heard before any answer, but only where nothing else explains the sound. */
const HESITATION = '(/1/ <NULL> | /0.001/ um | /0.001/ uh)';

const MAX_LENGTH = 20_000;
/** Words with every rule copied to where it is used; beyond this the decoder takes seconds. */
const MAX_EXPANDED = 5000;
const MAX_DEPTH = 50;

/** Reads a JSGF grammar as `grammar-recognizer.ts` describes it. Throws a GrammarError. */
export function readGrammar(text: string): Grammar {
  if (text.length > MAX_LENGTH) throw new GrammarError(`Longer than ${MAX_LENGTH} characters`);
  const { rules, top } = new GrammarReader(text).read();
  expandedSize(top, rules, new Map());
  const numbers = new Map([...rules.keys()].map((name, i) => [name, `<r${i}>`]));
  const numbered = (body: string) => body.replace(/<[^>]+>/g, (name) => numbers.get(name) ?? name);
  const lines = [...rules].map(([name, { body }]) => `${numbers.get(name)} = ${numbered(body)};`);
  const jsgf = [
    '#JSGF V1.0;',
    'grammar small;',
    `public <heard> = ${HESITATION} (${numbers.get(top)} | <always>);`,
    `<always> = ${ALWAYS};`,
    ...lines,
    '',
  ].join('\n');
  const always = ALWAYS.split(' | ');
  const words = [...rules.values()].flatMap((rule) => rule.words);
  return { jsgf, words: [...new Set([...always, ...words])] };
}

/** Also finds what is used without being defined, and rules that use themselves. */
function expandedSize(
  name: string,
  rules: ReadonlyMap<string, Rule>,
  sizes: Map<string, number | null>,
): number {
  const known = sizes.get(name);
  if (known === null) throw new GrammarError(`${name} uses itself; write * or +`);
  if (known !== undefined) return known;
  const rule = rules.get(name);
  if (!rule) throw new GrammarError(`${name} is used and not defined`);
  sizes.set(name, null);
  let size = rule.words.length;
  for (const used of rule.uses) size += expandedSize(used, rules, sizes);
  if (size > MAX_EXPANDED) throw new GrammarError(`More than ${MAX_EXPANDED} words in ${name}`);
  sizes.set(name, size);
  return size;
}

/** One descent through the text; each method takes its part and returns it rewritten. */
class GrammarReader {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  #words: string[] = [];
  #uses: string[] = [];

  constructor(text: string) {
    this.#tokens = grammarTokens(text);
  }

  read(): { rules: Map<string, Rule>; top: string } {
    const rules = new Map<string, Rule>();
    let top: string | null = null;
    this.#name();
    while (this.#next < this.#tokens.length) {
      const isPublic = this.#takeIf('word', 'public') !== null;
      const name = this.#take('rule').text;
      if (rules.has(name)) throw new GrammarError(`${name} is defined twice`);
      if (isPublic) top ??= name;
      rules.set(name, this.#rule());
    }
    if (top === null) throw new GrammarError('No public rule');
    return { rules, top };
  }

  #name(): void {
    if (!this.#takeIf('word', 'grammar')) return;
    this.#take('word');
    this.#take('sign', ';');
  }

  #rule(): Rule {
    [this.#words, this.#uses] = [[], []];
    this.#take('sign', '=');
    const body = this.#alternatives();
    this.#take('sign', ';');
    return { body, words: this.#words, uses: this.#uses };
  }

  #alternatives(): string {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new GrammarError('Too many brackets in one another');
    const all = [this.#sequence()];
    while (this.#takeIf('sign', '|')) all.push(this.#sequence());
    this.#depth -= 1;
    return all.join(' | ');
  }

  #sequence(): string {
    const weight = this.#takeIf('weight')?.text;
    const items: string[] = [];
    for (let item = this.#item(); item !== null; item = this.#item()) items.push(item);
    if (items.length === 0) throw this.#unexpected();
    return weight === undefined ? items.join(' ') : `${weight} ${items.join(' ')}`;
  }

  #item(): string | null {
    const item = this.#atom();
    if (item === null) return null;
    let repeated = item;
    for (let sign = this.#repeat(); sign !== null; sign = this.#repeat())
      repeated = repeated === item ? `${item}${sign}` : `(${repeated})${sign}`;
    while (this.#takeIf('tag'));
    return repeated;
  }

  #repeat(): string | null {
    return (this.#takeIf('sign', '*') ?? this.#takeIf('sign', '+'))?.text ?? null;
  }

  #atom(): string | null {
    const word = this.#takeIf('word');
    if (word) return this.#word(word);
    const rule = this.#takeIf('rule');
    if (rule?.text === '<NULL>') return rule.text;
    if (rule) {
      this.#uses.push(rule.text);
      return rule.text;
    }
    if (this.#takeIf('sign', '(')) return `(${this.#inside(')')})`;
    if (this.#takeIf('sign', '[')) return `[${this.#inside(']')}]`;
    return null;
  }

  #inside(closing: string): string {
    const inside = this.#alternatives();
    this.#take('sign', closing);
    return inside;
  }

  #word({ text, at }: Token): string {
    const word = text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[‘’]/g, "'").toLowerCase();
    if (!/^[a-z'][a-z'.-]*$/.test(word) || !/[a-z]/.test(word))
      throw new GrammarError(`'${text}' at ${at} is not a spoken word`);
    this.#words.push(word);
    return word;
  }

  #takeIf(type: Token['type'], text?: string): Token | null {
    const token = this.#tokens[this.#next];
    if (token?.type !== type || (text !== undefined && token.text !== text)) return null;
    this.#next += 1;
    return token;
  }

  #take(type: Token['type'], text?: string): Token {
    const token = this.#takeIf(type, text);
    if (!token) throw this.#unexpected();
    return token;
  }

  #unexpected(): GrammarError {
    const token = this.#tokens[this.#next];
    return new GrammarError(token ? `Unexpected '${token.text}' at ${token.at}` : 'Cut off');
  }
}
