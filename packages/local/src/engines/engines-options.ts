import type { OllamaOptions } from '../http/ollama-language-model.ts';
import type { OpenAiOptions } from '../http/openai-language-model.ts';
import type { OpenAiRecognizerOptions } from '../http/openai-recognizer.ts';
import type { PiperHttpOptions } from '../http/piper-http-synthesizer.ts';
import type { WhisperCppOptions } from '../http/whisper-cpp-recognizer.ts';
import type { SynthesizerChange } from './synthesizer-ladder.ts';

/** 'auto' takes the best that is there; a name forces that one, and fails where it is not. */
interface EngineWishes {
  readonly recognizer?: 'auto' | 'http' | 'whisper' | 'small';
  readonly synthesizer?: 'auto' | 'http' | 'piper' | 'small';
  readonly voiceDetector?: 'auto' | 'silero' | 'energy';
  readonly endOfTurn?: 'auto' | 'smart-turn' | 'none';
  readonly languageModel?: 'auto' | 'openai' | 'ollama' | 'front-desk';
}

export interface EnginesOptions extends EngineWishes {
  /** Where `whisper-tiny.en/`, `piper-en_US-joe-medium/` and `espeak-ng-data/` lie. */
  readonly modelsDir: string;
  /** Default 'tiny.en'. Where it is not there, another that is. */
  readonly whisperModel?: string;
  /** Default 'en_US-lessac-medium'. Where it is not there, another that is. */
  readonly piperVoice?: string;
  /** Of each recognizer and synthesizer process. Default 1. */
  readonly threads?: number;
  /** Speech servers, which are preferred where they answer. */
  readonly openAiSpeech?: OpenAiRecognizerOptions;
  readonly whisperCpp?: WhisperCppOptions;
  readonly piperHttp?: PiperHttpOptions;
  readonly openAi?: OpenAiOptions;
  /** Default: llama3.1:8b at http://127.0.0.1:11434. */
  readonly ollama?: OllamaOptions;
  /** Told when the stand-in begins to speak in the synthesizer's place, and when it need not any more. */
  readonly onSynthesizer?: (change: SynthesizerChange) => void;
}
