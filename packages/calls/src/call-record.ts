import type { CallPlan } from './call.ts';
import type { CallProgressNote } from './call-store.ts';
import type { Outcome } from './outcome.ts';
import { type CallProgress, phaseOf } from './progress.ts';
import type { CallActivities } from './world.ts';

/**
 * Keeps the call's row up to date behind the script's back: the call waits for no database. At most
 * one write is under way; what happens meanwhile is gathered into the next.
 */
export class CallRecord {
  readonly #plan: CallPlan;
  readonly #activities: CallActivities;
  /** What an inbound call has to begin with; null: the row is there. */
  #beginning: { readonly carrierCallId: string | null; readonly atMs: number } | null = null;
  #known: CallProgressNote = {};
  #due: CallProgressNote = {};
  #writing: Promise<void> | null = null;

  constructor(plan: CallPlan, activities: CallActivities) {
    this.#plan = plan;
    this.#activities = activities;
  }

  begin(carrierCallId: string | null, atMs: number): void {
    this.#beginning = { carrierCallId, atMs };
    this.#write();
  }

  /** Goes with the next note: a dial keeps its moment by itself, unless the store is down. */
  dialled(dialledAtMs: number): void {
    this.#due = { ...this.#due, dialledAtMs };
  }

  note(progress: CallProgress): void {
    const news = newsIn(noteOf(progress), this.#known);
    if (isEmpty(news)) return;
    this.#known = { ...this.#known, ...news };
    this.#due = { ...this.#due, ...news };
    this.#write();
  }

  /** Keeps the end, after all that is known. */
  async finish(end: Outcome, progress: CallProgress, endedAtMs: number): Promise<void> {
    this.note(progress);
    await this.#writing;
    this.#write();
    await this.#writing;
    await this.#activities.settle(this.#plan, end, endedAtMs);
  }

  #write(): void {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
    });
  }

  async #writeAll(): Promise<void> {
    let note: CallProgressNote = {};
    try {
      if (this.#beginning) {
        const { carrierCallId, atMs } = this.#beginning;
        await this.#activities.begin(this.#plan, carrierCallId, atMs);
        this.#beginning = null;
      }
      while (!isEmpty(this.#due)) {
        note = this.#due;
        this.#due = {};
        await this.#activities.note(this.#plan, note);
      }
    } catch {
      // Hosts repeat this until it works, so it was cancelled: the call's end writes it again.
      this.#due = { ...note, ...this.#due };
    }
  }
}

/** What of the progress belongs into the call's row. */
function noteOf(progress: CallProgress): CallProgressNote {
  const { carrierCallId, ringingAtMs, answeredAtMs, answeredBy } = progress;
  const phase = phaseOf({ ...progress, terminal: null });
  return {
    ...(phase !== 'ended' && phase !== 'queued' && { phase }),
    ...(carrierCallId !== null && { carrierCallId }),
    ...(ringingAtMs !== null && { ringingAtMs }),
    ...(answeredAtMs !== null && { answeredAtMs }),
    ...(answeredBy !== null && { answeredBy }),
  };
}

/** Moments and ids are kept once, so that only a phase or an answerer is ever told again. */
function newsIn(note: CallProgressNote, known: CallProgressNote): CallProgressNote {
  const { phase, answeredBy, ...once } = note;
  const news = Object.entries(once).filter(([key]) => !(key in known));
  return {
    ...Object.fromEntries(news),
    ...(phase !== undefined && phase !== known.phase && { phase }),
    ...(answeredBy !== undefined && answeredBy !== known.answeredBy && { answeredBy }),
  };
}

function isEmpty(note: CallProgressNote): boolean {
  return Object.keys(note).length === 0;
}
