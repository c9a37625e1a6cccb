import type { Clock } from '../embedded/clock.ts';
import type { CallReport, MediaEnding } from '../report.ts';
import type { AudioHolder } from './simulated-carrier.fake.ts';

/** Stands for the process that holds the audio of calls: it tells of streams, and of nothing else. */
export class SimulatedAudio implements AudioHolder {
  /** Streams come so long after the answer; null: never. */
  comesAfterMs: number | null = 1;
  /** Its reports arrive so late. */
  lateMs = 0;
  /** The process died: it tells nothing more. */
  isGone = false;
  readonly #clock: Clock;
  readonly #report: (callId: string, report: CallReport) => void;
  readonly #streams = new Map<string, { readonly stream: number; readonly live: boolean }>();
  readonly #over = new Set<string>();

  constructor(clock: Clock, report: (callId: string, report: CallReport) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  answered(callId: string): void {
    if (this.comesAfterMs !== null) this.#clock.after(this.comesAfterMs, () => this.begin(callId));
  }

  returned(callId: string): void {
    this.begin(callId);
  }

  ended(callId: string): void {
    this.#over.add(callId);
    this.end(callId, 'caller-hung-up');
  }

  isLive(callId: string): boolean {
    return this.#streams.get(callId)?.live === true;
  }

  /** The call's next stream begins, unless the call is over. */
  begin(callId: string): void {
    if (this.#over.has(callId)) return;
    const stream = (this.#streams.get(callId)?.stream ?? 0) + 1;
    this.#streams.set(callId, { stream, live: true });
    this.#tell(callId, { type: 'media-started', stream, atMs: this.#clock.now() });
  }

  /** Its stream ends, if it has one. */
  end(callId: string, ending: MediaEnding): void {
    const { stream, live } = this.#streams.get(callId) ?? { stream: 0, live: false };
    if (!live) return;
    this.#streams.set(callId, { stream, live: false });
    this.#tell(callId, { type: 'media-ended', stream, ending, atMs: this.#clock.now() });
  }

  #tell(callId: string, report: CallReport): void {
    if (!this.isGone) this.#clock.after(this.lateMs, () => this.#report(callId, report));
  }
}
