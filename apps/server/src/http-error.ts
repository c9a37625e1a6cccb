import { CallError, type CallErrorCode } from '@earshot/calls';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** An answer other than the one asked for. `code` is for programs, the message for people. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: HttpErrorCode;
  /** When asking again may help, in seconds. */
  readonly retryAfter: number | null;

  constructor(
    code: HttpErrorCode,
    message: string,
    { retryAfter = null, ...options }: ErrorOptions & { retryAfter?: number | null } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

export type HttpErrorCode = keyof typeof STATUS | CallErrorCode;

/** Every code of an answer that is an error. `docs/api.md` explains each. */
export const STATUS = {
  'bad-request': 400,
  unauthorized: 401,
  forbidden: 403,
  'signature-missing': 403,
  'signature-wrong': 403,
  'not-found': 404,
  'recording-not-found': 404,
  'idempotency-key-reused': 409,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'range-not-satisfiable': 416,
  'invalid-request': 422,
  'prompt-too-long': 422,
  'too-many-requests': 429,
  'too-many-listeners': 503,
  'not-ready': 503,
} as const;

export const STATUS_OF_CALL_ERROR = {
  'bad-number': 422,
  'destination-not-allowed': 403,
  'rate-limited': 429,
  'queue-full': 503,
  'call-not-found': 404,
  'call-exists': 409,
  'call-over': 409,
  'call-not-answered': 409,
  'carrier-refused': 422,
  'carrier-unavailable': 503,
  'carrier-ambiguous': 503,
  'carrier-busy': 503,
  'store-unavailable': 503,
  'lifecycle-unavailable': 503,
} as const satisfies Readonly<Record<CallErrorCode, number>>;

const STATUSES: Readonly<Record<HttpErrorCode, number>> = { ...STATUS, ...STATUS_OF_CALL_ERROR };

/** After which an answer of 503 that names no time may be asked for again. */
const RETRY_AFTER_S = 5;

/** Every answer that is an error is `{detail, code}`. What nobody foresaw tells nothing but its id. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const known = isKnown(error) ? error : fromFastify(error);
  if (!known) {
    request.log.error({ err: error }, 'request failed');
    const detail = `Something went wrong here. Request ${request.id}`;
    return reply.code(500).send({ detail, code: 'internal' });
  }
  const status = STATUSES[known.code];
  if (known.code === 'unauthorized') reply.header('www-authenticate', 'Bearer');
  if (status === 429 || status === 503)
    reply.header('retry-after', ('retryAfter' in known && known.retryAfter) || RETRY_AFTER_S);
  return reply.code(status).send({ detail: known.message, code: known.code });
}

function isKnown(error: Error): error is HttpError | CallError {
  return error instanceof HttpError || error instanceof CallError;
}

function fromFastify(error: FastifyError): HttpError | null {
  const { statusCode = 500, code } = error;
  if (statusCode === 413) return new HttpError('body-too-large', 'The body is too large');
  if (statusCode === 415)
    return new HttpError('unsupported-media-type', 'The body must be application/json');
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY')
    return new HttpError('bad-request', 'The body is not valid JSON');
  if (statusCode >= 400 && statusCode < 500)
    return new HttpError('bad-request', 'The request could not be read');
  return null;
}
