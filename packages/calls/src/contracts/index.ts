export * from './api-key-store.contract.ts';
export * from './call-store.contract.ts';
export * from './idempotency-store.contract.ts';
export * from './live-events.contract.ts';
export * from './outbox.contract.ts';
export * from './session-store.contract.ts';
