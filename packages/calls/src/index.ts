export * from './access.ts';
export * from './call.ts';
export * from './call-activities.ts';
export * from './call-error.ts';
export * from './call-json.ts';
export * from './call-metrics.ts';
export * from './call-store.ts';
export * from './carrier.ts';
export { type Clock, SYSTEM_CLOCK } from './embedded/clock.ts';
export { EmbeddedLifecycle, type EmbeddedOptions } from './embedded/embedded-lifecycle.ts';
export * from './lifecycle.ts';
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
export * from './report.ts';
export { runCall, type ScriptOptions } from './script.ts';
export * from './script-limits.ts';
export * from './session-store.ts';
export * from './world.ts';
