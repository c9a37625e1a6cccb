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

/** Failures are `CallError`s with `store-unavailable`. */
export interface ApiKeyStore {
  /** `hash`: SHA-256 of the secret, hex. */
  add(key: ApiKey, hash: string): Promise<void>;
  findByHash(hash: string): Promise<ApiKey | null>;
  list(): Promise<readonly ApiKey[]>;
  /** False when there is no such live key. */
  revoke(id: string, atMs: number): Promise<boolean>;
  used(id: string, atMs: number): Promise<void>;
}

/** Answers already given under an `Idempotency-Key`, for 24 hours. */
export interface IdempotencyStore {
  /**
   * Takes the key for a request, or tells the call that it led to before. `fingerprint`: SHA-256 of
   * the request's body.
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
