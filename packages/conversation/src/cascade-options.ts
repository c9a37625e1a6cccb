import type { AgentMemory } from './agent-memory.ts';
import type { Lines } from './lines.ts';
import type {
  EndOfTurn,
  Expectation,
  LanguageModel,
  Recognizer,
  Synthesizer,
  Tool,
  VoiceDetector,
} from './ports.ts';
import type { SpeechCache } from './speech-cache.ts';
import type { VadConfig } from './vad-config.ts';

export interface CascadeEngines {
  readonly recognizer: Recognizer;
  readonly languageModel: LanguageModel;
  /** Answers when the language model fails or takes too long. */
  readonly fallbackModel?: LanguageModel;
  readonly synthesizer: Synthesizer;
  readonly voiceDetector: VoiceDetector;
  readonly endOfTurn: EndOfTurn | null;
}

export interface CascadeOptions {
  readonly engines: CascadeEngines;
  /** What language models are told about who they are and what they know. */
  readonly system: string;
  readonly lines?: Partial<Lines>;
  /** Heard whole before anything else counts: it begins every reply until it was. Null: there is none. */
  readonly notice?: string | null;
  /** What the greeting asks for. Default: anything. */
  readonly openingExpectation?: Expectation;
  readonly tools?: readonly Tool[];
  readonly vad?: Partial<VadConfig>;
  /** The longest a call may last; half a minute before, the caller is told. */
  readonly maxDurationMs?: number;
  /** What an agent knew that spoke with this caller before; the greeting says that we are back. */
  readonly earlier?: AgentMemory | null;
  /** Shared by all calls: set lines are spoken once. */
  readonly cache?: SpeechCache;
}
