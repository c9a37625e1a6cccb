import type { AnsweredBy, Call, CallPlan, Direction, Phase, Status } from './call.ts';
import type { CallMetrics } from './call-metrics.ts';
import type { Outcome } from './outcome.ts';

/** What a call's row may learn after its beginning. Phases only go forward; moments and ids are set once. */
export interface CallProgressNote {
  readonly phase?: Exclude<Phase, 'ended'>;
  readonly carrierCallId?: string;
  readonly dialledAtMs?: number;
  readonly ringingAtMs?: number;
  readonly answeredAtMs?: number;
  readonly answeredBy?: AnsweredBy;
}

/** One turn of the transcript as it was heard. Milliseconds since 1970. */
export interface StoredTurn {
  /** From 0 in each call: with the call its key, so that writing it twice is no harm. */
  readonly index: number;
  readonly speaker: 'caller' | 'agent' | 'system';
  readonly text: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Of the agent's turns: how much of it reached the caller's ear. */
  readonly heardMs: number | null;
  readonly interrupted: boolean;
  readonly confidence: number | null;
}

/** Something that happened in a call, for its history. `data` is a JSON object. */
export interface StoredEvent {
  /** From 1 in each call: its key. */
  readonly serial: number;
  readonly type: string;
  readonly atMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a caller wants to be passed on. */
export interface StoredMessage {
  /** From 0 in each call: its key. */
  readonly index: number;
  readonly name: string;
  readonly number: string;
  readonly text: string;
  readonly takenAtMs: number;
}

export interface CallFilter {
  readonly status?: Status;
  readonly direction?: Direction;
  /** The other party's number, exactly. */
  readonly phoneNumber?: string;
  readonly receptionistId?: string;
  /** At this moment or later. */
  readonly createdAfterMs?: number;
  /** Before this moment. */
  readonly createdBeforeMs?: number;
}

export interface CallPage {
  readonly calls: readonly Call[];
  /** Opaque; null when this is the last page. */
  readonly nextCursor: string | null;
}

/**
 * The record of all calls. Failures are `CallError`s with `store-unavailable`. All writes may be
 * repeated; of two different writes of one turn, event or message the first is kept. What belongs to a
 * call may come before the call itself, and is found then and later. Texts are kept as `storableText`
 * makes them.
 */
export interface CallStore {
  /**
   * False when this id exists already; nothing is changed then. `host`: the process that hosts its
   * life, where several share the store; see `HostStore`.
   */
  create(
    plan: CallPlan,
    createdAtMs: number,
    carrierCallId: string | null,
    host?: string | null,
  ): Promise<boolean>;
  /**
   * What it already knows stays; what it does not know yet is filled in, also after the end. Resolves,
   * too, when the call is unknown.
   */
  note(callId: string, note: CallProgressNote): Promise<void>;
  /** Ends the call; false when it has ended before or is unknown, and nothing is changed. */
  settle(callId: string, outcome: Outcome, endedAtMs: number): Promise<boolean>;
  find(callId: string): Promise<Call | null>;
  findByCarrierId(carrierCallId: string): Promise<Call | null>;
  /** Newest first; calls of the same moment in an order that stays. `bad-cursor` is told by an empty page: cursors come from us. */
  list(filter: CallFilter, limit: number, cursor: string | null): Promise<CallPage>;
  /** All calls that have not ended, oldest first. */
  open(): Promise<readonly Call[]>;

  addTurns(callId: string, turns: readonly StoredTurn[]): Promise<void>;
  /** By index. */
  turns(callId: string): Promise<readonly StoredTurn[]>;
  addEvents(callId: string, events: readonly StoredEvent[]): Promise<void>;
  /** By serial. */
  events(callId: string, afterSerial: number): Promise<readonly StoredEvent[]>;
  addMessage(callId: string, message: StoredMessage): Promise<void>;
  /** By index. */
  messages(callId: string): Promise<readonly StoredMessage[]>;
  /** Replaces what was known. */
  saveMetrics(callId: string, metrics: CallMetrics): Promise<void>;
  metrics(callId: string): Promise<CallMetrics | null>;
}
