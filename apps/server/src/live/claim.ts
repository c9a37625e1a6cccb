import type { MediaEnding } from '@earshot/calls';
import type { AgentMemory } from '@earshot/conversation';
import { noMark, type RecordMark } from './call-scribe.ts';
import type { Checkpoint } from './checkpoint.ts';

/** What is known of a call when a stream of it begins. */
export interface Claim {
  /** Under which checkpoints are saved; null: they cannot be. */
  readonly epoch: number | null;
  /** The stream's number, from 1. */
  readonly stream: number;
  readonly mark: RecordMark;
  /** What the agent knew on an earlier stream; null: there was none. */
  readonly agent: AgentMemory | null;
  /** How that stream has ended; null: nobody can tell. */
  readonly ending: MediaEnding | null;
}

/** What a holder that died has told, or may still bring into the record, keeps its places. */
const UNSEEN = { turns: 20, events: 50, messages: 5 };

/** Nothing was kept of the call: it is new, or whoever held it died before there was anything. */
export function begun(epoch: number | null): Claim {
  const stream = epoch ?? 1;
  const mark = stream > 1 ? { ...noMark(), ...UNSEEN, streams: stream - 1 } : noMark();
  return { epoch, stream, mark, agent: null, ending: null };
}

export function continued(epoch: number | null, { mark, agent, ending }: Checkpoint): Claim {
  return { epoch, stream: Math.max(epoch ?? 0, mark.streams + 1), mark, agent, ending };
}

/** The memory of the checkpoint, behind all that either of them knows of the record. */
export function broughtForward(checkpoint: Checkpoint, written: Checkpoint | null): Checkpoint {
  if (!written) return checkpoint;
  const { turns, events, messages, streams } = written.mark;
  const mark = {
    ...checkpoint.mark,
    turns: Math.max(turns, checkpoint.mark.turns),
    events: Math.max(events, checkpoint.mark.events),
    messages: Math.max(messages, checkpoint.mark.messages),
    streams: Math.max(streams, checkpoint.mark.streams),
  };
  return { ...checkpoint, mark };
}
