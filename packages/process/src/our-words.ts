import type { z } from 'zod';

/** What is wrong, and where: names that nobody knows have a path of their own, not that of what they are in. */
export interface Mistake {
  readonly path: string;
  readonly message: string;
}

export function mistakesOf({ issues }: z.core.$ZodError): readonly Mistake[] {
  return issues.flatMap((issue) => {
    const { path, message } = issue;
    const paths =
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
    return paths.map((one) => ({ path: one.join('.'), message }));
  });
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

/** For what a schema itself has no words: to be given to its `safeParse` as `error`. */
export function inOurWords(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${KINDS[issue.expected]}`;
    case 'invalid_value':
      return `must be ${issue.values.join(' or ')}`;
    case 'too_small':
      return `must ${measured(issue)} ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `must ${measured(issue)} at most ${issue.maximum}`;
    case 'invalid_key':
      return `its name ${issue.issues.map(({ message }) => message).join(', ')}`;
    case 'unrecognized_keys':
      return 'is not known here';
    default:
      return 'is not right';
  }
}

/** The same for what people write by hand in YAML, where a number is meant as a text at times, and lines stay empty. */
export function inWordsForFiles(issue: z.core.$ZodRawIssue): string {
  const { code, input } = issue;
  if (input === null || (code === 'too_small' && input === '')) return 'is empty';
  const wantsText = code === 'invalid_type' && issue.expected === 'string';
  if (wantsText && ['number', 'boolean'].includes(typeof input))
    return `must be in quotes: "${input}"`;
  return inOurWords(issue);
}

function measured({ origin }: { readonly origin?: unknown }): string {
  return origin === 'string' || origin === 'array' ? 'have a length of' : 'be';
}
