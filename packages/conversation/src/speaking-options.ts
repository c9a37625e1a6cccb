import type { Dialogue } from './dialogue.ts';
import type { Lines } from './lines.ts';
import type { AgentEvent, LanguageModel, Synthesizer, Tool } from './ports.ts';
import type { Reply } from './reply.ts';
import type { SpeechCache } from './speech-cache.ts';

/** What the agent speaks with, and whom it tells. */
export interface SpeakingOptions {
  readonly models: readonly LanguageModel[];
  readonly synthesizer: Synthesizer;
  readonly cache: SpeechCache;
  readonly lines: Lines;
  readonly tools: readonly Tool[];
  readonly dialogue: Dialogue;
  readonly now: () => number;
  readonly emit: (event: AgentEvent) => void;
  /** The reply acts: what the caller said before it now belongs to the dialogue. */
  readonly onTaken: () => void;
  /** The first sound of a reply is on its way to the caller. */
  readonly onAudible: (reply: Reply) => void;
  /** The caller has heard the reply to its end. */
  readonly onHeard: (words: string) => void;
}
