import type { AudioFrame } from '@earshot/audio';
import type { AgentMemory } from './agent-memory.ts';

/**
 * Our end of one live call's audio. Positions are milliseconds on the line's *playout clock*: the
 * length of all audio ever given to `play`, cleared or not, so that a position is never used twice.
 * Disposing the line ends its media; the phone leg is ended by the carrier.
 */
export interface Line extends AsyncDisposable {
  /**
   * One consumer. Ends after `hung-up` or `lost`. Caller audio that is not taken in time is dropped,
   * oldest first, and counted; other events are never dropped.
   */
  events(signal: AbortSignal): AsyncIterable<LineEvent>;
  /** Queues speech of any rate; resolves when the line wants more, so that its producer waits. */
  play(frame: AudioFrame, signal: AbortSignal): Promise<void>;
  /** Says that this run of speech is complete: what filters and messages hold back goes out too. */
  flush(): void;
  /** Resolves once the caller has heard everything that was queued, or the line is gone. */
  drain(signal: AbortSignal): Promise<void>;
  /** Drops what the caller has not heard and returns the position up to which they have. */
  clear(): number;
}

export type LineEvent =
  | { readonly type: 'audio'; readonly frame: AudioFrame }
  | { readonly type: 'digit'; readonly digit: string }
  /** The caller has heard everything up to this position of the playout clock. Only moves forward. */
  | { readonly type: 'heard'; readonly positionMs: number }
  | { readonly type: 'hung-up' }
  | { readonly type: 'lost'; readonly reason: string };

/**
 * What answers the caller: a speech-to-speech model, or recognizer + language model + synthesizer.
 * Its clock is the caller's audio: time passes with the frames it hears.
 */
export interface Agent extends AsyncDisposable {
  hear(frame: AudioFrame): void;
  press(digit: string): void;
  /** Tells how much of a reply has reached the caller's ear; the last word on it has `ended` set. */
  heard(heard: Heard): void;
  events(signal: AbortSignal): AsyncIterable<AgentEvent>;
}

/** An agent that can be told what to say, and can go on elsewhere with what it knows. */
export interface CallAgent extends Agent {
  /** Says a line once nobody else speaks. False when too many wait already. */
  say(line: string): boolean;
  /** What it knows so far: only what was heard. */
  readonly memory: AgentMemory;
}

/** How much of one reply the caller has heard so far. */
export interface Heard {
  readonly replyId: number;
  /** The words heard, cut at the word. */
  readonly text: string;
  readonly heardMs: number;
  /** Nothing more of this reply will be heard: it was heard to its end, or cleared. */
  readonly ended: boolean;
}

/** A piece of a reply. `text` holds the words that begin with this frame, '' where they go on. */
export interface Speech {
  readonly frame: AudioFrame;
  readonly text: string;
}

export type AgentEvent =
  /** The agent takes the floor. Speech is pulled as fast as the line wants it. */
  | { readonly type: 'reply'; readonly id: number; readonly speech: AsyncIterable<Speech> }
  /** The caller takes the floor while the agent speaks: the line is to be cleared at once. */
  | { readonly type: 'barge-in' }
  /** The caller was heard speaking over the agent, and left the floor where it was. */
  | { readonly type: 'backchannel'; readonly text: string }
  /** What the agent understood of the caller. Times are on the clock of the caller's audio. */
  | {
      readonly type: 'words';
      readonly text: string;
      readonly final: boolean;
      readonly startMs: number;
      readonly endMs: number;
      /** Of the recognizer, 0 to 1; absent where it says nothing. */
      readonly confidence?: number;
    }
  | { readonly type: 'voice'; readonly what: VoiceEvent }
  | { readonly type: 'tool-called'; readonly call: ToolCall; readonly result: ToolResult }
  /** The caller has heard the notice whole. */
  | { readonly type: 'notice-heard' }
  /** Where the time of one reply went, for logs, metrics and benches. */
  | { readonly type: 'reply-timed'; readonly timing: ReplyTiming }
  /** To hang up once all speech so far is heard. `timeIsUp`: the call has lasted as long as it may. */
  | { readonly type: 'farewell'; readonly timeIsUp?: boolean }
  | { readonly type: 'lost'; readonly reason: string };

/** The detector found voice; the caller was taken to begin, or to stop, speaking. */
export type VoiceEvent = 'detected' | 'started' | 'ended';

/** Milliseconds. The engines work while the caller pauses, so the parts overlap the pause. */
export interface ReplyTiming {
  /** From the caller's last voiced frame to the moment the floor was taken. */
  readonly pauseMs: number;
  readonly recognizerMs: number;
  readonly recognizerQueuedMs: number;
  /** To the first words and to the first sound. */
  readonly languageModelMs: number;
  readonly synthesizerMs: number;
}

/** Words out of one utterance. */
export interface Recognizer {
  /** Rejects with the signal's reason when aborted, and otherwise only when no words can be had. */
  recognize(
    utterance: AudioFrame,
    expectation: Expectation,
    signal: AbortSignal,
  ): Promise<Recognition>;
}

export interface Recognition {
  /** '' when nothing that counts as speech was found. */
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** Somebody spoke, but the words are not to be trusted (off-topic for a small grammar, noise). */
  readonly unclear: boolean;
  readonly engineMs: number;
  readonly queuedMs: number;
}

/** What the agent's last words asked for. Recognizers that need it use it; others ignore it. */
export interface Expectation {
  /** Name of the dialogue's state, for example 'anything', 'name', 'phone-number', 'yes-no'. */
  readonly topic: string;
  /** JSGF grammar of the likely answers, for recognizers that hear only what they expect. */
  readonly grammar?: string;
  /** The caller is likely to pause in the middle, as when dictating a number. */
  readonly patient?: boolean;
}

/** The agent's next words. */
export interface LanguageModel {
  /** Streams one reply. Aborting the signal ends the work behind it. */
  reply(prompt: Prompt, signal: AbortSignal): AsyncIterable<ReplyPart>;
  /** Takes in what every prompt of the call begins with, while the greeting is spoken. */
  readAhead?(prompt: Prompt, signal: AbortSignal): Promise<void>;
  /**
   * How long a system prompt it takes in whole beside these tools, in characters: of a longer one the
   * end is left out. Without it, however long.
   */
  systemRoom?(tools: readonly ToolDescription[]): number;
  /** What it says to many callers, word for word: it can be spoken ahead of them. */
  readonly usualLines?: readonly string[];
}

export interface Prompt {
  readonly system: string;
  readonly turns: readonly PromptTurn[];
  readonly tools: readonly ToolDescription[];
  /** What the model asked to keep with its last audible reply; null at first. */
  readonly memory: unknown;
}

export type PromptTurn =
  /** `text` is '[unclear]' for speech that could not be understood, '[digits 123]' for keys. */
  | { readonly speaker: 'caller'; readonly text: string }
  /** Only what the caller heard. */
  | { readonly speaker: 'agent'; readonly text: string; readonly interrupted: boolean }
  | { readonly speaker: 'tool'; readonly call: ToolCall; readonly result: ToolResult };

export type ReplyPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool-call'; readonly call: ToolCall }
  | { readonly type: 'expectation'; readonly expectation: Expectation }
  /** A JSON value to be handed back in the next prompt, kept only if this reply becomes audible. */
  | { readonly type: 'memory'; readonly memory: unknown };

export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments object. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** `error` is text the model can act on. */
export type ToolResult = { readonly output: unknown } | { readonly error: string };

/** Something the agent can do besides talking. */
export interface Tool extends ToolDescription {
  run(args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolResult>;
}

/** Speech out of one clause or sentence. */
export interface Synthesizer {
  /** Name of engine and voice: with the text, the key under which speech may be cached. */
  readonly voice: string;
  /** Text is already fit for speech. Frames of 20 to 200 ms, of one rate for each voice. */
  synthesize(text: string, signal: AbortSignal): AsyncIterable<SpokenFrame>;
}

export interface SpokenFrame extends AudioFrame {
  /** Another voice speaks in the synthesizer's place: not to be kept as its speech. */
  readonly standIn?: boolean;
}

/** Tells voice from other sound. */
export interface VoiceDetector {
  open(): VoiceStream;
}

/** One call's voice detection. Answers come in the order of the frames. */
export interface VoiceStream extends Disposable {
  /** Probability (0 to 1) that there is speech at the end of the audio so far. Never rejects. */
  hear(frame: AudioFrame): number | Promise<number>;
}

/** Whether whoever speaks at the end of this audio has finished, judged by the sound. */
export interface EndOfTurn {
  /** Probability 0 to 1. `audio` is the turn so far with the pause at its end, up to 8 s, 8 or 16 kHz. */
  estimate(audio: AudioFrame, signal: AbortSignal): Promise<number>;
}
