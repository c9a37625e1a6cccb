import { TwilioError } from './twilio-error.ts';

/** One TwiML verb, already XML. Only the functions of this file make them. */
export type Verb = string & { readonly verb: unique symbol };

/** TwiML that Twilio fetches may be 64 kB (error 11750). */
const FETCHED_LIMIT_BYTES = 64 * 1024;
/** TwiML inside a REST request may be 4000 characters. */
const INLINE_LIMIT = 4000;
/** Name and value of one `<Parameter>` together stay below this. */
const PARAMETER_LIMIT = 500;

export function twiml(...verbs: readonly Verb[]): string {
  const document = `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs.join('')}</Response>`;
  if (Buffer.byteLength(document) > FETCHED_LIMIT_BYTES)
    throw new TwilioError('twiml-too-long', 'TwiML is longer than 64 kB');
  return document;
}

/** TwiML for a REST request, where less fits. */
export function inlineTwiml(...verbs: readonly Verb[]): string {
  const document = twiml(...verbs);
  if (document.length > INLINE_LIMIT)
    throw new TwilioError('twiml-too-long', `Inline TwiML is longer than ${INLINE_LIMIT}`);
  return document;
}

export interface StreamOptions {
  /** wss, without a query: Twilio drops it. ws is taken for this machine only (the emulator). */
  readonly url: URL;
  /** Where Twilio asks what to do once the stream has ended. */
  readonly action?: string;
  readonly statusCallback?: string;
  readonly name?: string;
  /** They come back in the stream's `start` message. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A bidirectional media stream. Verbs after it run once our side has closed the socket. */
export function connectStream({ url, action, parameters = {}, ...rest }: StreamOptions): Verb {
  checkStreamUrl(url);
  const attributes = {
    url: url.href,
    name: rest.name,
    statusCallback: rest.statusCallback,
    ...(rest.statusCallback && { statusCallbackMethod: 'POST' }),
  };
  const content = Object.entries(parameters).map(([name, value]) => parameter(name, value));
  const stream = element('Stream', attributes, content.join(''));
  return element('Connect', { action, ...(action && { method: 'POST' }) }, stream);
}

function checkStreamUrl({ protocol, hostname, search, hash }: URL): void {
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol !== 'wss:' && !(protocol === 'ws:' && local))
    throw new TwilioError('bad-stream-url', 'A stream URL begins with wss://');
  if (search || hash)
    throw new TwilioError('bad-stream-url', 'A stream URL has no query; use parameters');
}

function parameter(name: string, value: string): Verb {
  if (name.length + value.length >= PARAMETER_LIMIT)
    throw new TwilioError('parameter-too-long', `Parameter and value are ${PARAMETER_LIMIT} long`);
  return element('Parameter', { name, value });
}

export function say(text: string, { voice, language }: SayOptions = {}): Verb {
  return element('Say', { voice, language }, escapeXml(text));
}

export interface SayOptions {
  readonly voice?: string;
  readonly language?: string;
}

export function pause(seconds: number): Verb {
  return element('Pause', { length: String(Math.max(1, Math.round(seconds))) });
}

/** Presses keys: `0–9 * #`, and `w` for half a second of nothing. */
export function playDigits(digits: string): Verb {
  return element('Play', { digits });
}

export function hangup(): Verb {
  return element('Hangup', {});
}

/** Declines a call before it is answered, so that it costs nothing. */
export function reject(reason: 'busy' | 'rejected' = 'rejected'): Verb {
  return element('Reject', { reason });
}

export function redirect(url: string): Verb {
  return element('Redirect', { method: 'POST' }, escapeXml(url));
}

export interface DialOptions {
  readonly action?: string;
  readonly timeoutSeconds?: number;
  /** Keeps the caller's leg ringing until the other end answers. */
  readonly answerOnBridge?: boolean;
}

export function dial(number: string, options: DialOptions = {}): Verb {
  const { action, timeoutSeconds, answerOnBridge } = options;
  const attributes = {
    action,
    timeout: timeoutSeconds?.toString(),
    answerOnBridge: answerOnBridge?.toString(),
  };
  return element('Dial', attributes, element('Number', {}, escapeXml(number)));
}

type Attributes = Readonly<Record<string, string | undefined>>;

function element(name: string, attributes: Attributes, content = ''): Verb {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? '' : ` ${key}="${escapeXml(value)}"`,
  );
  const open = `<${name}${written.join('')}`;
  return (content === '' ? `${open}/>` : `${open}>${content}</${name}>`) as Verb;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

// XML 1.0 §2.2 knows no way to write these characters.
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function escapeXml(text: string): string {
  return text.replace(UNWRITABLE, '').replace(/[&<>"']/g, (found) => ENTITIES[found] ?? found);
}
