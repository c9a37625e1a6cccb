import { type AudioFrame, decodeMulaw } from '@earshot/audio';
import { CallerClock } from './caller-clock.ts';
import type { LineCounts } from './line-counts.ts';
import type { LineEvents } from './line-events.ts';
import type { LineFault } from './line-fault.ts';
import type { Media } from './media-fast-path.ts';
import type { MediaMessage } from './media-message.ts';

const SAMPLE_RATE = 8000;
const FRAME_MS = 20;
const SAMPLES_PER_MS = SAMPLE_RATE / 1000;

export interface CallerSideOptions {
  readonly streamSid: string;
  readonly events: LineEvents;
  readonly counts: LineCounts;
  /** A mark came back. */
  readonly marked: (name: string) => void;
  /** Twilio ended the stream. */
  readonly stopped: () => void;
}

/** The caller's half of a line: from Twilio's messages to audio and digits. */
export class CallerSide {
  readonly #options: CallerSideOptions;
  readonly #clock = new CallerClock();

  constructor(options: CallerSideOptions) {
    this.#options = options;
  }

  receive(message: MediaMessage): void {
    const { counts, events, marked, stopped } = this.#options;
    const fault = this.#faultOf(message);
    if (fault) counts.fault(fault);
    else if (message.event === 'media') this.#hear(message);
    else if (message.event === 'mark') marked(message.mark.name);
    else if (message.event === 'dtmf') events.push({ type: 'digit', digit: message.dtmf.digit });
    else if (message.event === 'stop') stopped();
  }

  #faultOf(message: MediaMessage): LineFault | null {
    if (message.event === 'rejected') return message.fault;
    if (message.event === 'start' || message.event === 'connected') return 'second-start';
    if (message.streamSid !== this.#options.streamSid) return 'wrong-stream';
    return message.event === 'media' && message.track !== 'inbound' ? 'other-track' : null;
  }

  #hear({ chunk, timestampMs, codes }: Media): void {
    const { counts } = this.#options;
    if (codes.length === 0) return;
    const durationMs = codes.length / SAMPLES_PER_MS;
    const { fillMs, lostMs } = this.#clock.hear(chunk, timestampMs, durationMs);
    if (lostMs > 0) counts.lost(lostMs);
    for (const frame of silence(fillMs)) this.#push(frame);
    counts.callerMs += durationMs;
    this.#push({ samples: decodeMulaw(codes), sampleRate: SAMPLE_RATE });
  }

  #push(frame: AudioFrame): void {
    this.#options.events.push({ type: 'audio', frame });
  }
}

/** Silence of this length in frames of the phone's usual size. */
function* silence(lengthMs: number): Generator<AudioFrame> {
  for (let restMs = lengthMs; restMs > 0; restMs -= FRAME_MS) {
    const samples = new Int16Array(Math.round(Math.min(restMs, FRAME_MS) * SAMPLES_PER_MS));
    yield { samples, sampleRate: SAMPLE_RATE };
  }
}
