import { setTimeout as sleep } from 'node:timers/promises';
import { CallError } from '@earshot/calls';
import type { z } from 'zod';
import { TwilioError } from '../twilio-error.ts';
import { type ApiPlace, apiUrl } from './api-url.ts';
import { type Answer, ExchangeError, exchange, type Outgoing } from './exchange.ts';
import { type Attempt, failed, json, unanswered, unreadable } from './rest-failure.ts';
import { retryDelayMs } from './retry-delay.ts';

/** The account's own token, or a key of it. */
export type TwilioCredentials =
  | { readonly accountSid: string; readonly authToken: string }
  | { readonly accountSid: string; readonly apiKeySid: string; readonly apiKeySecret: string };

export interface TwilioRestOptions extends ApiPlace {
  readonly credentials: TwilioCredentials;
  /** Of one try. Default 10000. */
  readonly timeoutMs?: number;
  /** A longer answer is no answer. Default 1 MiB. */
  readonly answerLimitBytes?: number;
  /** Between tries. Rejects when aborted. Default: a timer. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Names and values of a form or a query, in Twilio's words. Undefined ones are left out. */
export type RestParameters = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** One request to the API, and what its answer looks like. */
export interface RestRequest<T> extends Attempt {
  /** Below the account, like `Calls.json`. */
  readonly path: string;
  readonly parameters?: RestParameters;
  readonly shape: z.ZodType<T>;
}

const API_VERSION = '2010-04-01';
/** Twilio never begins with a request that it answers with 429, so that any may be sent again. */
const TRIES = 4;

/**
 * Twilio's REST API for one account. Failures are `CallError`s: `carrier-unavailable` where nothing
 * was sent, or where asking again does no harm; `carrier-ambiguous` where a request that may be
 * carried out only `once` may have been; `carrier-busy` after tries in vain; `carrier-refused` for
 * whatever else Twilio, or who answers in its place, says no to. Messages hold Twilio's code, and
 * never its words, a number, an address or a secret.
 */
export class TwilioRest {
  readonly #root: string;
  readonly #authorization: string;
  readonly #timeoutMs: number;
  readonly #limitBytes: number;
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<unknown>;

  constructor({ credentials, timeoutMs = 10_000, ...options }: TwilioRestOptions) {
    const { accountSid } = credentials;
    if (!/^AC[0-9a-fA-F]{32}$/.test(accountSid))
      throw new TwilioError('bad-account', 'An account SID is AC and 32 hexadecimal digits');
    this.#root = `${apiUrl(options)}/${API_VERSION}/Accounts/${accountSid}`;
    this.#authorization = authorization(credentials);
    this.#timeoutMs = timeoutMs;
    this.#limitBytes = options.answerLimitBytes ?? 1024 * 1024;
    this.#wait = options.wait ?? ((ms, signal) => sleep(ms, undefined, { signal }));
  }

  async get<T>(request: RestRequest<T>, signal: AbortSignal): Promise<T> {
    const { path, parameters = {}, shape } = request;
    const query = encode(parameters);
    const target = query === '' ? path : `${path}?${query}`;
    return parsed(shape, request, await this.#ask(request, this.#to('GET', target), signal));
  }

  async post<T>(request: RestRequest<T>, signal: AbortSignal): Promise<T> {
    const { path, parameters = {}, shape } = request;
    const outgoing = this.#to('POST', path, encode(parameters));
    return parsed(shape, request, await this.#ask(request, outgoing, signal));
  }

  async delete({ path, what }: Pick<RestRequest<never>, 'path' | 'what'>, signal: AbortSignal) {
    await this.#ask({ what }, this.#to('DELETE', path), signal);
  }

  async #ask(attempt: Attempt, outgoing: Outgoing, signal: AbortSignal): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      const answer = await this.#try(attempt, outgoing, signal);
      if (answer.status >= 200 && answer.status < 300) return answer;
      const delayMs = answer.status === 429 ? retryDelayMs(answer.retryAfter, tries) : null;
      if (delayMs === null || tries === TRIES) throw failed(attempt, answer);
      await this.#pause(attempt, delayMs, signal);
    }
  }

  async #try(attempt: Attempt, outgoing: Outgoing, signal: AbortSignal): Promise<Answer> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    try {
      return await exchange(outgoing, this.#limitBytes, limit);
    } catch (error) {
      throw error instanceof ExchangeError ? unanswered(attempt, error) : error;
    }
  }

  /** Nothing is under way between two tries, so that giving up leaves nothing unclear. */
  async #pause({ what }: Attempt, delayMs: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#wait(delayMs, signal);
    } catch {
      throw new CallError('carrier-busy', `Twilio is too busy for ${what}`);
    }
  }

  #to(method: Outgoing['method'], path: string, body: string | null = null): Outgoing {
    const headers = {
      authorization: this.#authorization,
      accept: 'application/json',
      'user-agent': 'earshot',
      ...(body !== null && {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(Buffer.byteLength(body)),
      }),
    };
    return { method, url: new URL(`${this.#root}/${path}`), headers, body };
  }
}

function authorization(credentials: TwilioCredentials): string {
  const [user, secret] =
    'authToken' in credentials
      ? [credentials.accountSid, credentials.authToken]
      : [credentials.apiKeySid, credentials.apiKeySecret];
  return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
}

/** Lists repeat their name, as Twilio wants them. */
function encode(parameters: RestParameters): string {
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) encoded.append(name, String(one));
  return encoded.toString();
}

function parsed<T>(shape: z.ZodType<T>, attempt: Attempt, { text }: Answer): T {
  const { success, data } = shape.safeParse(json(text));
  if (!success) throw unreadable(attempt);
  return data;
}
