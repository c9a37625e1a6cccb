import type { ApiKey, ApiKeyStore, Scope } from '@earshot/calls';
import { SCOPES } from '@earshot/calls';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { HttpError } from '../http-error.ts';
import { isLocal } from '../loopback.ts';
import { Allowance } from './allowance.ts';
import { hashOf } from './secret.ts';

/** Who asks. */
export interface Principal {
  /** The key's id, or 'local'. */
  readonly id: string;
  readonly scopes: readonly Scope[];
}

export interface AccessOptions {
  readonly keys: ApiKeyStore;
  readonly inDevelopment: boolean;
  readonly requestsPerMinute: number;
  readonly log: Logger;
}

const MINUTE_MS = 60_000;
/** Wrong keys that one address may try. */
const FAILURES_PER_MINUTE = 30;
/** A key that was found is not looked up again for so long; a revoked one works that much longer. */
const KNOWN_MS = 5_000;
/** A key's last use is kept this exactly. */
const USED_EVERY_MS = 60_000;
const MOST_KNOWN = 1_000;

const LOCAL: Principal = { id: 'local', scopes: SCOPES };

/** Decides who may ask the API, and how often. */
export class Access {
  readonly #options: AccessOptions;
  readonly #requests: Allowance;
  readonly #failures = new Allowance(FAILURES_PER_MINUTE, MINUTE_MS);
  readonly #principals = new WeakMap<FastifyRequest, Principal>();
  readonly #known = new Map<string, { readonly key: ApiKey; readonly atMs: number }>();
  readonly #usedAtMs = new Map<string, number>();
  #keyless: { readonly value: boolean; readonly atMs: number } | null = null;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#requests = new Allowance(options.requestsPerMinute, MINUTE_MS);
  }

  /** A hook that lets in whoever has this scope, before the body is read. */
  needs(scope: Scope): (request: FastifyRequest) => Promise<void> {
    return async (request) => {
      this.#principals.set(request, await this.#admit(request, scope));
    };
  }

  /** Who makes a request that was let in. */
  principalOf(request: FastifyRequest): Principal {
    const principal = this.#principals.get(request);
    if (!principal) throw new Error('A route without access');
    return principal;
  }

  async #admit(request: FastifyRequest, scope: Scope): Promise<Principal> {
    const principal = await this.#identify(request);
    const waitMs = this.#requests.take(principal.id);
    if (waitMs !== null) throw tooMany(waitMs);
    const { scopes } = principal;
    if (!scopes.includes(scope) && !scopes.includes('admin'))
      throw new HttpError('forbidden', `This key lacks the scope ${scope}`);
    return principal;
  }

  async #identify(request: FastifyRequest): Promise<Principal> {
    const secret = secretOf(request);
    if (secret === undefined) {
      if (await this.#letsLocalIn(request)) return LOCAL;
      // Costs nothing and guesses nothing: it does not count.
      throw new HttpError('unauthorized', 'A key is needed: Authorization: Bearer ek_…');
    }
    const hash = hashOf(secret);
    const key = hash && (await this.#find(hash, request));
    if (!key || key.revokedAtMs !== null)
      throw this.#failed(request, 'This key is not known, or was revoked');
    this.#used(key);
    return key;
  }

  /** Only until the first key is made: whoever has keys has a reason to. */
  async #letsLocalIn({ raw }: FastifyRequest): Promise<boolean> {
    if (!this.#options.inDevelopment || !isLocal(raw)) return false;
    const nowMs = performance.now();
    if (this.#keyless === null || nowMs - this.#keyless.atMs > KNOWN_MS) {
      const keys = await this.#options.keys.list();
      this.#keyless = { value: keys.length === 0, atMs: nowMs };
    }
    return this.#keyless.value;
  }

  /** Whoever tried too many wrong keys costs no more questions, except for a key that was right before. */
  async #find(hash: string, { ip }: FastifyRequest): Promise<ApiKey | null> {
    const nowMs = performance.now();
    const known = this.#known.get(hash);
    if (known && nowMs - known.atMs < KNOWN_MS) return known.key;
    const waitMs = known ? null : this.#failures.ask(ip);
    if (waitMs !== null) throw tooMany(waitMs);
    const key = await this.#options.keys.findByHash(hash);
    this.#known.delete(hash);
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    if (key) this.#known.set(hash, { key, atMs: nowMs });
    return key;
  }

  #used({ id }: ApiKey): void {
    const nowMs = Date.now();
    if (nowMs - (this.#usedAtMs.get(id) ?? 0) < USED_EVERY_MS) return;
    this.#usedAtMs.set(id, nowMs);
    const failed = (err: unknown) => this.#options.log.warn({ err }, 'use of a key was not kept');
    this.#options.keys.used(id, nowMs).catch(failed);
  }

  #failed({ ip }: FastifyRequest, message: string): HttpError {
    const waitMs = this.#failures.take(ip);
    return waitMs === null ? new HttpError('unauthorized', message) : tooMany(waitMs);
  }
}

function tooMany(waitMs: number): HttpError {
  const retryAfter = Math.ceil(waitMs / 1_000);
  return new HttpError('too-many-requests', `Too many requests: again in ${retryAfter} s`, {
    retryAfter,
  });
}

function secretOf({ headers }: FastifyRequest): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
  const key = headers['x-api-key'];
  return Array.isArray(key) ? '' : key;
}
