/** Reads a JSGF grammar strictly, and says sentences of it. */

type Part =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Part[] }
  | { readonly kind: 'choice'; readonly parts: readonly Part[] }
  | { readonly kind: 'optional'; readonly part: Part }
  | { readonly kind: 'repeated'; readonly part: Part };

export class JsgfReader {
  readonly #rules = new Map<string, Part>();
  readonly first: string;

  /** Throws on whatever PocketSphinx would not take. */
  constructor(text: string) {
    const lines = text.trim().split('\n');
    if (lines[0] !== '#JSGF V1.0;') throw new Error('no header');
    if (!/^grammar [a-z_]+;$/.test(lines[1] ?? '')) throw new Error('no name');
    const names: string[] = [];
    for (const line of lines.slice(2)) {
      const match = /^(public )?<([a-z_]+)> = (.*);$/.exec(line);
      if (!match) throw new Error(`no rule: ${line}`);
      names.push(match[2] ?? '');
      this.#rules.set(match[2] ?? '', parse(match[3] ?? ''));
    }
    if (!lines[2]?.startsWith('public ')) throw new Error('the first rule is not public');
    if (new Set(names).size !== names.length) throw new Error('a rule is defined twice');
    this.first = names[0] ?? '';
    for (const part of this.#rules.values()) this.#checkRules(part);
  }

  /** One sentence; `pick(n)` chooses from 0 to n - 1. */
  sentence(pick: (n: number) => number): string {
    return this.#say({ kind: 'rule', name: this.first }, pick).replace(/\s+/g, ' ').trim();
  }

  /** How many words stand in the grammar, each rule taken once. */
  get size(): number {
    return [...this.#rules.values()].reduce((sum, part) => sum + countWords(part), 0);
  }

  #checkRules(part: Part): void {
    if (part.kind === 'rule' && !this.#rules.has(part.name)) throw new Error(`no <${part.name}>`);
    for (const inner of partsOf(part)) this.#checkRules(inner);
  }

  #say(part: Part, pick: (n: number) => number): string {
    switch (part.kind) {
      case 'word':
        return part.word;
      case 'rule':
        return this.#say(this.#rules.get(part.name) ?? { kind: 'word', word: '' }, pick);
      case 'sequence':
        return part.parts.map((inner) => this.#say(inner, pick)).join(' ');
      case 'choice': {
        const chosen = part.parts[pick(part.parts.length)];
        return chosen ? this.#say(chosen, pick) : '';
      }
      case 'optional':
        return pick(2) === 0 ? '' : this.#say(part.part, pick);
      case 'repeated':
        return Array.from({ length: 1 + pick(9) }, () => this.#say(part.part, pick)).join(' ');
    }
  }
}

function partsOf(part: Part): readonly Part[] {
  if (part.kind === 'sequence' || part.kind === 'choice') return part.parts;
  return part.kind === 'optional' || part.kind === 'repeated' ? [part.part] : [];
}

function countWords(part: Part): number {
  return part.kind === 'word'
    ? 1
    : partsOf(part).reduce((sum, inner) => sum + countWords(inner), 0);
}

function parse(body: string): Part {
  const tokens = body.match(/<[a-z_]+>|[()[\]|+]|[^\s()[\]|+<>]+/g) ?? [];
  if (tokens.join('') !== body.replace(/\s/g, '')) throw new Error(`unknown sign: ${body}`);
  let at = 0;
  const choice = (end: string | undefined): Part => {
    const parts: Part[] = [sequence()];
    while (tokens[at] === '|') {
      at++;
      parts.push(sequence());
    }
    if (tokens[at] !== end) throw new Error(`expected ${end ?? 'the end'}: ${body}`);
    at++;
    return { kind: 'choice', parts };
  };
  const sequence = (): Part => {
    const parts: Part[] = [];
    for (let token = tokens[at]; token && !['|', ')', ']'].includes(token); token = tokens[at]) {
      parts.push(single(token));
    }
    if (parts.length === 0) throw new Error(`an empty alternative: ${body}`);
    return { kind: 'sequence', parts };
  };
  const single = (token: string): Part => {
    at++;
    let part: Part;
    if (token === '(') part = choice(')');
    else if (token === '[') part = { kind: 'optional', part: choice(']') };
    else if (token.startsWith('<')) part = { kind: 'rule', name: token.slice(1, -1) };
    else if (/^[a-z][a-z'.]*$/.test(token)) part = { kind: 'word', word: token };
    else throw new Error(`no spoken word: ${token}`);
    if (tokens[at] !== '+') return part;
    at++;
    return { kind: 'repeated', part };
  };
  return choice(undefined);
}
