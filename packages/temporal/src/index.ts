export { type CallWorkerOptions, startCallWorker } from './call-worker.ts';
export type { Deployment } from './deployment.ts';
export { PayloadCipher, PayloadKeyError } from './payload-cipher.ts';
export type { CallWorker } from './running-workers.ts';
export { installTelemetry, type TelemetryOptions } from './telemetry.ts';
export type { TemporalAddress, TemporalTls } from './temporal-address.ts';
export { TemporalLifecycle } from './temporal-lifecycle.ts';
