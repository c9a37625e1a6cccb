export * from './access.ts';
export * from './call.ts';
export * from './call-activities.ts';
export * from './call-error.ts';
export * from './call-json.ts';
export * from './call-metrics.ts';
export * from './call-store.ts';
export * from './carrier.ts';
export * from './destinations.ts';
export { DialQueue, type DialQueueOptions } from './dial-queue.ts';
export { type Clock, SYSTEM_CLOCK } from './embedded/clock.ts';
export { EmbeddedLifecycle, type EmbeddedOptions } from './embedded/embedded-lifecycle.ts';
export type { SharedHost } from './embedded/lease.ts';
export * from './host-store.ts';
export * from './lifecycle.ts';
export { MemoryApiKeyStore } from './memory/memory-api-key-store.ts';
export { MemoryCallStore } from './memory/memory-call-store.ts';
export { MemoryHostStore } from './memory/memory-host-store.ts';
export { MemoryIdempotencyStore } from './memory/memory-idempotency-store.ts';
export { MemoryLiveEvents } from './memory/memory-live-events.ts';
export { MemoryOutbox } from './memory/memory-outbox.ts';
export { MemorySessionStore } from './memory/memory-session-store.ts';
export * from './notice.ts';
export * from './number-desk.ts';
export * from './outbox.ts';
export * from './outcome.ts';
export {
  type CallProgress,
  isTerminal,
  merge,
  NO_PROGRESS,
  phaseOf,
  progressOf,
} from './progress.ts';
export { RateLimit, type RateLimitOptions } from './rate-limit.ts';
export * from './report.ts';
export { runCall, type ScriptOptions } from './script.ts';
export * from './script-limits.ts';
export * from './session-store.ts';
export * from './storable.ts';
export * from './world.ts';
