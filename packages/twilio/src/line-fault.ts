import type { MessageFault } from './media-message.ts';

/** What goes wrong on a line and does not end it: names for counters, never content. */
export type LineFault =
  | MessageFault
  | 'before-start'
  | 'second-start'
  | 'wrong-stream'
  | 'other-track'
  /** A mark that we never sent, or that came back twice. */
  | 'unknown-mark'
  /** Marks stayed away for seconds: their speech counts as heard. */
  | 'marks-missing'
  /** The network lost caller audio; silence stands in for it. */
  | 'caller-audio-lost'
  /** Nobody took the caller's audio in time. */
  | 'caller-audio-dropped'
  /** The socket took no more of our speech for a while. */
  | 'socket-full';
