export * from './api-key-store.contract.ts';
export * from './call-store.contract.ts';
export { type CarrierStage, carrierContract } from './carrier.contract.ts';
export { planOf } from './example-calls.ts';
export * from './host-store.contract.ts';
export * from './idempotency-store.contract.ts';
export { lifecycleStories } from './lifecycle-stories.contract.ts';
export * from './live-events.contract.ts';
export * from './outbox.contract.ts';
export * from './session-store.contract.ts';
export { SimulatedAudio } from './simulated-audio.fake.ts';
export * from './simulated-carrier.fake.ts';
export {
  eventually,
  type StoryHost,
  StoryParts,
  type StoryStage,
  scaledLimits,
} from './story-stage.fake.ts';
export { VirtualClock } from './virtual-clock.fake.ts';
