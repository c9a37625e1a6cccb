/** What a key may do. */
export const SCOPES = ['calls:read', 'calls:write', 'numbers', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** A key of the API. The secret itself is shown once and never kept. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAtMs: number;
  readonly revokedAtMs: number | null;
  readonly lastUsedAtMs: number | null;
}

/** Failures are `CallError`s with `store-unavailable`. All writes may be repeated. */
export interface ApiKeyStore {
  /** `hash`: SHA-256 of the secret, hex. */
  add(key: ApiKey, hash: string): Promise<void>;
  /** A key that was revoked is not found. */
  findByHash(hash: string): Promise<ApiKey | null>;
  /** Oldest first, revoked ones, too. */
  list(): Promise<readonly ApiKey[]>;
  /** False when there is no such live key. */
  revoke(id: string, atMs: number): Promise<boolean>;
  /** Keeps the latest moment; resolves, too, when the key is unknown. */
  used(id: string, atMs: number): Promise<void>;
}

/** How long an `Idempotency-Key` is remembered. */
export const IDEMPOTENCY_TTL_MS = 86_400_000;

/** Answers already given under an `Idempotency-Key`, for 24 hours. Failures are `CallError`s with `store-unavailable`. */
export interface IdempotencyStore {
  /**
   * Takes the key for a request, or tells the call that it led to before. `fingerprint`: SHA-256 of
   * the request's body. Of several at once one is `new`, and the others are told its call.
   */
  take(
    owner: string,
    key: string,
    fingerprint: string,
    callId: string,
    atMs: number,
  ): Promise<IdempotencyAnswer>;
}

export type IdempotencyAnswer =
  | { readonly type: 'new' }
  | { readonly type: 'same'; readonly callId: string }
  /** The key was used for another request. */
  | { readonly type: 'different' };
