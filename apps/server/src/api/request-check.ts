import { inOurWords, mistakesOf } from '@earshot/process';
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
    const mistakes = mistakesOf(error).map(({ path, message }) => `${path || part}: ${message}`);
    return refusal(mistakes.join('; '));
  };
};

function refusal(message: string) {
  return { error: new HttpError('invalid-request', message) };
}
