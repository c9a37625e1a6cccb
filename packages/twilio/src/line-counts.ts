import type { LineFault } from './line-fault.ts';

/** What a line counts, for metrics. Durations are in milliseconds of audio. */
export class LineCounts {
  readonly #report: (fault: LineFault) => void;
  readonly faults: Partial<Record<LineFault, number>> = {};
  callerMs = 0;
  callerLostMs = 0;
  callerDroppedMs = 0;
  messagesSent = 0;
  clearsSent = 0;

  constructor(report: (fault: LineFault) => void) {
    this.#report = report;
  }

  fault(fault: LineFault): void {
    this.faults[fault] = (this.faults[fault] ?? 0) + 1;
    this.#report(fault);
  }

  lost(ms: number): void {
    this.callerLostMs += ms;
    this.fault('caller-audio-lost');
  }

  dropped(ms: number): void {
    this.callerDroppedMs += ms;
    this.fault('caller-audio-dropped');
  }
}
