export { type AudioFrame, durationMs } from './frame.ts';
