import type { ReplyTiming, ToolCall, ToolResult, VoiceEvent } from './ports.ts';

/** One party's holding of the floor. Times are on the clock of the caller's audio. */
export interface Turn {
  readonly speaker: 'caller' | 'agent';
  /** What the agent meant to say; for the caller the same as `heard`. */
  readonly said: string;
  /** What reached the other side: of the caller the words understood, of the agent the words played. */
  readonly heard: string;
  readonly startMs: number;
  readonly endMs: number;
  /** The caller took the floor before the agent was done. */
  readonly interrupted: boolean;
  /** How sure the recognizer is of the caller's words, 0 to 1; absent where nobody knows. */
  readonly confidence?: number;
}

/** What a conversation tells those who watch it. */
export type ConversationEvent =
  | { readonly type: 'turn'; readonly turn: Turn }
  /** Words of the caller that may still change. */
  | { readonly type: 'partial'; readonly text: string; readonly atMs: number }
  | { readonly type: 'barge-in'; readonly atMs: number }
  | { readonly type: 'backchannel'; readonly text: string; readonly atMs: number }
  | { readonly type: 'voice'; readonly what: VoiceEvent }
  | { readonly type: 'tool-called'; readonly call: ToolCall; readonly result: ToolResult }
  /** The caller has heard whole what had to be told before all else. */
  | { readonly type: 'notice-heard' }
  | { readonly type: 'reply-timed'; readonly timing: ReplyTiming }
  | { readonly type: 'speech-failed'; readonly error: unknown };

/** How a conversation came to its end. */
export type Ending =
  | 'caller-hung-up'
  | 'agent-hung-up'
  /** The agent hung up because the call had lasted as long as it may. */
  | 'max-duration'
  | 'line-lost'
  | 'agent-lost'
  | 'stopped';
