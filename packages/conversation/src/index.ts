export { CascadeAgent } from './cascade-agent.ts';
export type { CascadeEngines, CascadeOptions } from './cascade-options.ts';
export { converse } from './converse.ts';
export { DEFAULT_LINES, type Lines } from './lines.ts';
export type * from './ports.ts';
export { SpeechCache } from './speech-cache.ts';
export { fitForSpeech } from './speech-text.ts';
export type { ConversationEvent, Ending, Turn } from './transcript.ts';
export { DEFAULT_VAD, type VadConfig } from './vad-config.ts';
