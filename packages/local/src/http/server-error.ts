export type ServerErrorCode =
  /** The base URL is no http(s) URL. */
  | 'base-url-invalid'
  /** Nobody listens there, the name does not resolve, TLS fails. */
  | 'server-unreachable'
  /** Too many requests at once, or the model is still loading. */
  | 'server-busy'
  /** The server broke, before or in the middle of its answer. */
  | 'server-failed'
  | 'model-missing'
  /** The server does not have this path: not the server it was taken for, or another version. */
  | 'endpoint-missing'
  | 'key-rejected'
  | 'request-rejected'
  /** The server sends us elsewhere. Keys and callers' words go nowhere but to the configured server. */
  | 'redirected'
  /** Nothing came in time. */
  | 'answer-timed-out'
  /** The answer began and then stood still. */
  | 'answer-stalled'
  /** The connection ended before the answer did. */
  | 'answer-cut'
  /** Not what this kind of server answers: HTML, broken JSON, a broken WAV file. */
  | 'answer-unreadable'
  | 'answer-too-large';

const RETRYABLE: ReadonlySet<ServerErrorCode> = new Set([
  'server-unreachable',
  'server-busy',
  'server-failed',
  'answer-timed-out',
  'answer-stalled',
  'answer-cut',
]);

/**
 * Why a model or speech server gave no (whole) answer. The message holds neither keys nor anything
 * the server wrote: servers like to repeat the request, and the request is somebody's conversation.
 */
export abstract class ServerError extends Error {
  readonly code: ServerErrorCode;
  /** Whether the same request may succeed a moment later. */
  readonly retryable: boolean;
  readonly #serverSaid: string;

  constructor(code: ServerErrorCode, message: string, serverSaid = '') {
    super(message);
    this.code = code;
    this.retryable = RETRYABLE.has(code);
    this.#serverSaid = serverSaid;
  }

  /** The server's own words, at most 300 characters. May repeat what callers said: not for logs. */
  get serverSaid(): string {
    return this.#serverSaid;
  }
}

/** What the iterator of a `LanguageModel` throws. Text yielded before it stands. */
export class LanguageModelError extends ServerError {
  override readonly name = 'LanguageModelError';
}

/** What recognizers and synthesizers behind HTTP reject with. */
export class SpeechServerError extends ServerError {
  override readonly name = 'SpeechServerError';
}

export type ServerErrorClass = new (
  code: ServerErrorCode,
  message: string,
  serverSaid?: string,
) => ServerError;
