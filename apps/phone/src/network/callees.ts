import { inWordsForFiles, mistakesOf } from '@earshot/process';
import { parse } from 'yaml';
import { z } from 'zod';
import { BEHAVIOURS, type Callee, calleeSchema, calleeWho } from './callee.ts';
import { CalleesError } from './coded-errors.ts';

/** Any number that ends so does that, whatever its area code. The numbers are reserved for fiction. */
const BUILT_IN: readonly (readonly [string, Callee])[] = [
  ['*5550110', calleeWho('busy')],
  ['*5550111', calleeWho('no-answer')],
  ['*5550112', calleeWho('voicemail', { rings: 1 })],
  ['*5550113', calleeWho('hangs-up')],
  ['*5550114', calleeWho('rejects')],
  ['*5550115', calleeWho('unreachable')],
  ['*5550116', calleeWho('talks', { rings: 6 })],
  ['*5550117', calleeWho('silent')],
];

const file = z.strictObject({
  default: calleeSchema.optional(),
  callees: z
    .record(
      z.string().regex(/^(\+?\d+\*?|\*\d+)$/, 'a number, or its beginning or end with *'),
      calleeSchema,
    )
    .default({}),
});

/** Who answers which number. */
export class Callees {
  readonly #patterns: readonly (readonly [string, Callee])[];
  readonly #default: Callee;

  /** `own` come before those that are built in. */
  constructor(usual: Callee = calleeWho('talks'), own: Readonly<Record<string, Callee>> = {}) {
    this.#default = usual;
    this.#patterns = [...Object.entries(own), ...BUILT_IN];
  }

  /** Reads a table in YAML. Throws `CalleesError`. `usual`: for numbers that no line is for. */
  static parse(yaml: string, name: string, usual: Callee | null): Callees {
    let given: unknown;
    try {
      given = parse(yaml);
    } catch (cause) {
      throw new CalleesError(`${name}: ${String(cause).split('\n')[0]}`, { cause });
    }
    const parsed = file.safeParse(given ?? {}, { error: inWordsForFiles });
    if (parsed.success) {
      return new Callees(usual ?? parsed.data.default, parsed.data.callees);
    }
    const problems = mistakesOf(parsed.error).map(
      ({ path, message }) => `${name}: ${path || 'the table'}: ${message}`,
    );
    const hint = `A callee is one of ${BEHAVIOURS.join(', ')}, or {does, rings, scenario, …}.`;
    throw new CalleesError([...problems, hint].join('\n'));
  }

  of(number: string): Callee {
    return this.#patterns.find(([pattern]) => matches(pattern, number))?.[1] ?? this.#default;
  }
}

function matches(pattern: string, number: string): boolean {
  if (pattern.startsWith('*')) return number.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return number.startsWith(pattern.slice(0, -1));
  return pattern === number;
}
