import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** An answer other than the one asked for. `code` is for programs, the message for people. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;

  constructor(code: HttpErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type HttpErrorCode = keyof typeof STATUS;

const STATUS = {
  'bad-request': 400,
  'signature-missing': 403,
  'signature-wrong': 403,
  'not-found': 404,
  'call-not-found': 404,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'too-many-listeners': 503,
} as const;

/** Every answer that is an error is `{detail, code}`. What nobody foresaw tells nothing but its id. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const known = error instanceof HttpError ? error : fromFastify(error);
  if (known)
    return reply.code(STATUS[known.code]).send({ detail: known.message, code: known.code });
  request.log.error({ err: error }, 'request failed');
  const detail = `Something went wrong here. Request ${request.id}`;
  return reply.code(500).send({ detail, code: 'internal' });
}

function fromFastify({ statusCode = 500 }: FastifyError): HttpError | null {
  if (statusCode === 413) return new HttpError('body-too-large', 'The body is too large');
  if (statusCode === 415)
    return new HttpError('unsupported-media-type', 'The body must be a form or JSON');
  if (statusCode >= 400 && statusCode < 500)
    return new HttpError('bad-request', 'The request could not be read');
  return null;
}
