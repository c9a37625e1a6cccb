/** Servers that speak the protocols of the real ones and say what a test's script says. */
export {
  type ScriptedOllamaOptions,
  ScriptedOllamaServer,
  type ScriptedPrompt,
} from './scripted-ollama-server.ts';
export { type ScriptedOpenAiOptions, ScriptedOpenAiServer } from './scripted-openai-server.ts';
export {
  type ScriptedPiperOptions,
  type ScriptedPiperRequest,
  ScriptedPiperServer,
  type ScriptedSpeech,
} from './scripted-piper-server.ts';
export type { ScriptedReply, ScriptedStep, ScriptedStream } from './scripted-reply.ts';
export type { ScriptedRefusal, SeenRequest } from './scripted-server.ts';
export type {
  ScriptedSegment,
  ScriptedTranscript,
  ScriptedUtterance,
} from './scripted-transcript.ts';
export {
  type ScriptedWhisperCppOptions,
  ScriptedWhisperCppServer,
} from './scripted-whisper-cpp-server.ts';
