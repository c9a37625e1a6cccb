export type { EngineChoice, EnginePart } from './engines/engine-choice.ts';
export type { EnginesOptions } from './engines/engines-options.ts';
export type { SynthesizerChange } from './engines/synthesizer-ladder.ts';
export { FrontDesk, type FrontDeskOptions } from './front-desk/front-desk.ts';
export type * from './front-desk/profile.ts';
export { CURRENCIES, WEEKDAYS } from './front-desk/profile.ts';
export { systemPrompt } from './front-desk/system-prompt.ts';
export { NUMBER_WITHHELD, THIS_CALL } from './front-desk/this-call.ts';
export { EngineError, type EngineErrorCode } from './host/engine-error.ts';
export type { Availability } from './http/availability.ts';
export type { LanguageModelLimits } from './http/language-model-limits.ts';
export { OllamaLanguageModel, type OllamaOptions } from './http/ollama-language-model.ts';
export { OpenAiLanguageModel, type OpenAiOptions } from './http/openai-language-model.ts';
export { OpenAiRecognizer, type OpenAiRecognizerOptions } from './http/openai-recognizer.ts';
export { type PiperHttpOptions, PiperHttpSynthesizer } from './http/piper-http-synthesizer.ts';
export { contextTokensFor } from './http/prompt-room.ts';
export {
  LanguageModelError,
  ServerError,
  type ServerErrorCode,
  SpeechServerError,
} from './http/server-error.ts';
export { type WhisperCppOptions, WhisperCppRecognizer } from './http/whisper-cpp-recognizer.ts';
export {
  type FetchEvent,
  type FetchOptions,
  fetchModels,
  missingModels,
} from './models/fetch-models.ts';
export { ModelError, type ModelErrorCode } from './models/model-error.ts';
export { isPiperVoice, isWhisperModel, WHISPER_MODELS } from './models/model-names.ts';
export { offlineNotice } from './models/offline-notice.ts';
export { ProgressBar } from './models/progress-bar.ts';
export { EnergyVoiceDetector } from './onnx/energy-voice-detector.ts';
export { SileroVoiceDetector } from './onnx/silero-voice-detector.ts';
export { SmartTurn } from './onnx/smart-turn.ts';
export { type Engines, openEngines } from './open-engines.ts';
export { findPiper, findWhisper } from './sherpa/find-models.ts';
export { PiperSynthesizer, type PiperVoice } from './sherpa/piper-synthesizer.ts';
export {
  type EngineSizing,
  type WhisperModel,
  WhisperRecognizer,
} from './sherpa/whisper-recognizer.ts';
export { FLITE_VOICES, type FliteVoice } from './small/flite.ts';
export { type FliteOptions, FliteSynthesizer } from './small/flite-synthesizer.ts';
export { GrammarError } from './small/grammar-error.ts';
export { GrammarRecognizer } from './small/grammar-recognizer.ts';
