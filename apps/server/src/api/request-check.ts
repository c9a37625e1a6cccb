import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { HttpError } from '../http-error.ts';

/** Refuses what is not as a route's schemas have it, field by field, in our words. */
export const requestCheck: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const part = httpPart === 'querystring' ? 'query' : (httpPart ?? 'request');
  return (given: unknown) => {
    if (part === 'body' && given === null) return refusal('The body is missing: it must be JSON');
    const { success, data, error } = schema.safeParse(given, { error: inOurWords });
    if (success) return { value: data };
    return refusal(error.issues.flatMap((issue) => spelled(issue, part)).join('; '));
  };
};

function refusal(message: string) {
  return { error: new HttpError('invalid-request', message) };
}

/** Fields that nobody knows are named themselves, not what they are in. */
function spelled(issue: z.core.$ZodIssue, part: string): readonly string[] {
  const { path, message } = issue;
  const paths =
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
  return paths.map((one) => `${one.join('.') || part}: ${message}`);
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
};

/** For what the schema itself has no words. */
function inOurWords(issue: z.core.$ZodRawIssue): string {
  const of = 'origin' in issue && issue.origin === 'string' ? 'have a length of' : 'be';
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${KINDS[issue.expected]}`;
    case 'invalid_value':
      return `must be ${issue.values.join(' or ')}`;
    case 'too_small':
      return `must ${of} at least ${issue.minimum}`;
    case 'too_big':
      return `must ${of} at most ${issue.maximum}`;
    case 'invalid_key':
      return `its name ${issue.issues.map(({ message }) => message).join(', ')}`;
    case 'unrecognized_keys':
      return 'is not known here';
    default:
      return 'is not right';
  }
}
