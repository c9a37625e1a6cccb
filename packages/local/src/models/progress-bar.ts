import type { FetchEvent } from './fetch-models.ts';

export interface Terminal {
  /** Lines can be written over. */
  readonly isTty: boolean;
  readonly columns: number;
}

const NARROWEST_BAR = 10;
const WIDEST_BAR = 30;
/** Where lines cannot be written over, one is written every so many per cent of a large file. */
const STEP_PERCENT = 10;
const LARGE_BYTES = 2_000_000;

/** What to write for one event after another. Pure but for what it remembers; time comes in. */
export class ProgressBar {
  readonly #terminal: Terminal;
  #path = '';
  #startedMs = 0;
  #startedBytes = 0;
  #saidPercent = -1;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** '' where there is nothing new to say. */
  render(event: FetchEvent, nowMs: number): string {
    switch (event.type) {
      case 'waiting':
        return 'Another process fetches models into this folder; waiting for it\n';
      case 'retrying':
        return this.#line(
          `${event.path}: ${event.reason}; again in ${Math.ceil(event.inMs / 1000)} s`,
        );
      case 'fetched':
        return this.#line(`${event.path}  ${inWords(event.sizeBytes)}  checked`);
      case 'received':
        return this.#received(event, nowMs);
    }
  }

  #received(
    { path, receivedBytes, sizeBytes }: FetchEvent & { type: 'received' },
    nowMs: number,
  ): string {
    if (path !== this.#path) {
      this.#path = path;
      this.#startedMs = nowMs;
      this.#startedBytes = receivedBytes;
      this.#saidPercent = -1;
    }
    const seconds = (nowMs - this.#startedMs) / 1000;
    const perSecond = seconds > 0.5 ? (receivedBytes - this.#startedBytes) / seconds : null;
    const percent = sizeBytes ? Math.floor((100 * receivedBytes) / sizeBytes) : null;
    const speed = perSecond === null ? '' : `  ${inWords(perSecond)}/s`;
    const amount = `${inWords(receivedBytes)}${sizeBytes === null ? '' : ` of ${inWords(sizeBytes)}`}`;
    if (this.#terminal.isTty) return this.#bar(path, percent, `  ${amount}${speed}`);
    if (sizeBytes !== null && sizeBytes < LARGE_BYTES) return '';
    const step = Math.floor((percent ?? 0) / STEP_PERCENT) * STEP_PERCENT;
    if (step <= this.#saidPercent) return '';
    this.#saidPercent = step;
    return `${path}  ${step} %  ${amount}${speed}\n`;
  }

  #bar(path: string, percent: number | null, rest: string): string {
    const room = this.#terminal.columns - 1 - path.length - rest.length - ' [] 100 %'.length;
    const width = Math.min(WIDEST_BAR, room);
    const full = Math.round((width * (percent ?? 0)) / 100);
    const bar =
      percent === null || width < NARROWEST_BAR
        ? ''
        : ` [${'#'.repeat(full)}${'.'.repeat(width - full)}] ${percent} %`;
    return `\r${CLEAR}${`${path}${bar}${rest}`.slice(0, this.#terminal.columns - 1)}`;
  }

  #line(text: string): string {
    return `${this.#terminal.isTty ? `\r${CLEAR}` : ''}${text}\n`;
  }
}

/** Clears to the end of the line. */
const CLEAR = '\x1b[K';

function inWords(bytes: number): string {
  if (bytes < 100_000) return `${Math.ceil(bytes / 1000)} kB`;
  const digits = bytes < 10_000_000 ? 1 : 0;
  return `${(bytes / 1_000_000).toFixed(digits)} MB`;
}
