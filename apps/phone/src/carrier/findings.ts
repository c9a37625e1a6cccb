import type { CallObserver, Finding } from './call-observer.ts';

const WARNINGS = new Set(['12200', '15003', '31930', '31931', '31950', '31951']);
const NOTES = new Set(['loopback-ws']);

/** Collects what the carrier complains about in one call, and tells the observer at once. */
export class Findings {
  readonly all: Finding[] = [];
  readonly #observer: CallObserver;
  readonly #nowMs: () => number;

  constructor(observer: CallObserver, nowMs: () => number) {
    this.#observer = observer;
    this.#nowMs = nowMs;
  }

  add(code: string, text: string, gapMs?: number): void {
    const atMs = Math.round(this.#nowMs());
    const finding = { code, level: level(code), text, atMs, ...(gapMs && { gapMs }) };
    this.all.push(finding);
    this.#observer.observe({ type: 'finding', finding });
  }

  /** Like `add`, but each code once: what Twilio reports once for a stream. */
  forStream(): (code: string, text: string) => void {
    const told = new Set<string>();
    return (code, text) => {
      if (told.has(code)) return;
      told.add(code);
      this.add(code, text);
    };
  }
}

function level(code: string): Finding['level'] {
  if (NOTES.has(code)) return 'note';
  const isError = /^\d+$/.test(code) && !WARNINGS.has(code);
  return isError ? 'error' : 'warning';
}
