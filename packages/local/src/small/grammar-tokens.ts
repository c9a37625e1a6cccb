import { GrammarError } from './grammar-error.ts';

export type Token =
  | {
      readonly type: 'word' | 'rule' | 'weight' | 'tag';
      readonly text: string;
      readonly at: number;
    }
  | { readonly type: 'sign'; readonly text: string; readonly at: number };

const HEADER = /^\uFEFF?\s*#JSGF[^;\n]*(?:;|\n|$)/;
const BLANK = /(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*)+/y;
const TOKENS = [
  ['tag', /\{(?:\\[\s\S]|[^}\\])*\}/y],
  ['weight', /\/\s*\d*\.?\d+(?:e[+-]?\d+)?\s*\//iy],
  ['rule', /<[^<>\s]+>/y],
  ['sign', /[=;|()[\]*+]/y],
  ['word', /[^\s=;|()[\]*+<>{}"/\\]+/y],
] as const;

/** The tokens of a JSGF grammar without its header; `at` counts characters from its start. */
export function grammarTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = HEADER.exec(text)?.[0].length ?? 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const blank = take(BLANK);
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    const token = firstOf(TOKENS, (type, pattern) => {
      const found = take(pattern);
      return found === undefined ? null : { type, text: found, at };
    });
    if (!token) throw new GrammarError(`Unexpected ${JSON.stringify(text[at])} at ${at}`);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function firstOf<R>(
  kinds: typeof TOKENS,
  find: (type: (typeof TOKENS)[number][0], pattern: RegExp) => R | null,
): R | null {
  for (const [type, pattern] of kinds) {
    const found = find(type, pattern);
    if (found) return found;
  }
  return null;
}
