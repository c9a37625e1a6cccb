export { EngineError, type EngineErrorCode } from './host/engine-error.ts';
export type * from './front-desk/profile.ts';
export { WEEKDAYS } from './front-desk/profile.ts';
export { systemPrompt } from './front-desk/system-prompt.ts';
