import { type Call, type CallPlan, PHASES, statusOf } from '../call.ts';
import type { CallMetrics } from '../call-metrics.ts';
import type {
  CallFilter,
  CallPage,
  CallProgressNote,
  CallStore,
  StoredEvent,
  StoredMessage,
  StoredTurn,
} from '../call-store.ts';
import type { Outcome } from '../outcome.ts';
import { storable } from '../storable.ts';

/** All that is kept of one call; what belongs to it may come before the call itself. */
interface Kept {
  call: Call | null;
  host: string | null;
  readonly turns: Map<number, StoredTurn>;
  readonly events: Map<number, StoredEvent>;
  readonly messages: Map<number, StoredMessage>;
  metrics: CallMetrics | null;
}

/**
 * The record of calls in this process's memory. Of more than `mostCalls` calls the oldest that have
 * ended are forgotten; open ones never.
 */
export class MemoryCallStore implements CallStore {
  readonly #mostCalls: number;
  readonly #kept = new Map<string, Kept>();

  constructor({ mostCalls = 10_000 }: { mostCalls?: number } = {}) {
    this.#mostCalls = mostCalls;
  }

  async create(
    plan: CallPlan,
    createdAtMs: number,
    carrierCallId: string | null,
    host: string | null = null,
  ): Promise<boolean> {
    const kept = this.#of(plan.id);
    if (kept.call) return false;
    kept.host = host;
    kept.call = {
      ...storable(plan),
      createdAtMs,
      phase: 'queued',
      carrierCallId,
      dialledAtMs: null,
      ringingAtMs: null,
      answeredAtMs: null,
      answeredBy: null,
      endedAtMs: null,
      outcome: null,
    };
    return true;
  }

  async note(callId: string, note: CallProgressNote): Promise<void> {
    const kept = this.#kept.get(callId);
    if (kept?.call) kept.call = noted(kept.call, note);
  }

  async settle(callId: string, outcome: Outcome, endedAtMs: number): Promise<boolean> {
    const kept = this.#kept.get(callId);
    if (!kept?.call || kept.call.phase === 'ended') return false;
    const { blame, reason } = outcome;
    kept.call = { ...kept.call, phase: 'ended', outcome: { blame, reason }, endedAtMs };
    return true;
  }

  async find(callId: string): Promise<Call | null> {
    return this.#kept.get(callId)?.call ?? null;
  }

  async findByCarrierId(carrierCallId: string): Promise<Call | null> {
    return this.#calls().find((call) => call.carrierCallId === carrierCallId) ?? null;
  }

  async list(filter: CallFilter, limit: number, cursor: string | null): Promise<CallPage> {
    const after = cursor === null ? null : cursorFrom(cursor);
    if (cursor !== null && after === null) return { calls: [], nextCursor: null };
    const found = this.#calls()
      .filter((call) => matches(call, filter) && (after === null || newestFirst(after, call) < 0))
      .sort(newestFirst);
    const calls = found.slice(0, limit);
    const last = calls.at(-1);
    return { calls, nextCursor: last && found.length > limit ? cursorOf(last) : null };
  }

  async open(): Promise<readonly Call[]> {
    return this.openNow();
  }

  /** All calls that have not ended, oldest first. */
  openNow(): readonly Call[] {
    return this.#calls()
      .filter(({ phase }) => phase !== 'ended')
      .sort((a, b) => newestFirst(b, a));
  }

  async addTurns(callId: string, turns: readonly StoredTurn[]): Promise<void> {
    for (const turn of turns) addOnce(this.#of(callId).turns, turn.index, turn);
  }

  async turns(callId: string): Promise<readonly StoredTurn[]> {
    return inOrder(this.#kept.get(callId)?.turns);
  }

  async addEvents(callId: string, events: readonly StoredEvent[]): Promise<void> {
    for (const event of events) addOnce(this.#of(callId).events, event.serial, event);
  }

  async events(callId: string, afterSerial: number): Promise<readonly StoredEvent[]> {
    return inOrder(this.#kept.get(callId)?.events).filter(({ serial }) => serial > afterSerial);
  }

  async addMessage(callId: string, message: StoredMessage): Promise<void> {
    addOnce(this.#of(callId).messages, message.index, message);
  }

  async messages(callId: string): Promise<readonly StoredMessage[]> {
    return inOrder(this.#kept.get(callId)?.messages);
  }

  async saveMetrics(callId: string, metrics: CallMetrics): Promise<void> {
    this.#of(callId).metrics = storable(metrics);
  }

  async metrics(callId: string): Promise<CallMetrics | null> {
    return this.#kept.get(callId)?.metrics ?? null;
  }

  /** For `MemoryHostStore`. */
  hostOf(callId: string): string | null {
    return this.#kept.get(callId)?.host ?? null;
  }

  setHost(callId: string, host: string | null): void {
    const kept = this.#kept.get(callId);
    if (kept) kept.host = host;
  }

  #calls(): Call[] {
    return [...this.#kept.values()].flatMap(({ call }) => call ?? []);
  }

  #of(callId: string): Kept {
    const kept = this.#kept.get(callId);
    if (kept) return kept;
    this.#makeRoom();
    const fresh = {
      call: null,
      host: null,
      turns: new Map(),
      events: new Map(),
      messages: new Map(),
      metrics: null,
    };
    this.#kept.set(callId, fresh);
    return fresh;
  }

  #makeRoom(): void {
    for (const [id, { call }] of this.#kept) {
      if (this.#kept.size < this.#mostCalls) return;
      if (call === null || call.phase === 'ended') this.#kept.delete(id);
    }
  }
}

function noted(call: Call, note: CallProgressNote): Call {
  const { phase = 'queued' } = note;
  return {
    ...call,
    phase: PHASES.indexOf(phase) > PHASES.indexOf(call.phase) ? phase : call.phase,
    carrierCallId: call.carrierCallId ?? note.carrierCallId ?? null,
    dialledAtMs: call.dialledAtMs ?? note.dialledAtMs ?? null,
    ringingAtMs: call.ringingAtMs ?? note.ringingAtMs ?? null,
    answeredAtMs: call.answeredAtMs ?? note.answeredAtMs ?? null,
    answeredBy: call.answeredBy ?? note.answeredBy ?? null,
  };
}

function matches(call: Call, filter: CallFilter): boolean {
  const { status, direction, phoneNumber, receptionistId, createdAfterMs, createdBeforeMs } =
    filter;
  const other = call.direction === 'outbound' ? call.to : call.from;
  return (
    (status === undefined || statusOf(call) === status) &&
    (direction === undefined || call.direction === direction) &&
    (phoneNumber === undefined || other === phoneNumber) &&
    (receptionistId === undefined || call.receptionistId === receptionistId) &&
    (createdAfterMs === undefined || call.createdAtMs >= createdAfterMs) &&
    (createdBeforeMs === undefined || call.createdAtMs < createdBeforeMs)
  );
}

type Place = Pick<Call, 'createdAtMs' | 'id'>;

function newestFirst(a: Place, b: Place): number {
  return b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

function cursorOf({ createdAtMs, id }: Place): string {
  return `${createdAtMs}~${id}`;
}

function cursorFrom(cursor: string): Place | null {
  const [, moment, id] = /^(\d{1,16})~(.+)$/u.exec(cursor) ?? [];
  return moment && id ? { createdAtMs: Number(moment), id } : null;
}

function addOnce<T>(kept: Map<number, T>, key: number, value: T): void {
  if (!kept.has(key)) kept.set(key, storable(value));
}

function inOrder<T>(kept: ReadonlyMap<number, T> | undefined): readonly T[] {
  return [...(kept ?? [])].sort(([a], [b]) => a - b).map(([, value]) => value);
}
