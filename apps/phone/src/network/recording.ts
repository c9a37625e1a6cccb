import { type FileHandle, open, rm } from 'node:fs/promises';
import { WavWriter } from '@earshot/audio';
import type { CallEvent, CallObserver } from '../carrier/call-observer.ts';
import type { RecordingOrder } from './call-order.ts';

export type RecordingStatus = 'in-progress' | 'paused' | 'stopped' | 'completed' | 'absent';

/** A recording longer than this is ended: an hour of stereo is 115 MB on disk. */
const MAX_MS = 60 * 60 * 1_000;
const FRAME_MS = 20;

/** One recording of a call, written to disk while it runs: 8 kHz; of two channels the first is the callee's. */
export class Recording implements CallObserver {
  readonly sid: string;
  readonly callSid: string;
  readonly order: RecordingOrder;
  readonly startedAt = new Date();
  readonly file: string;
  readonly #writer: WavWriter;
  #handle: FileHandle | null = null;
  #status: RecordingStatus = 'in-progress';
  #frames = 0;
  #failed = false;

  constructor(sid: string, callSid: string, order: RecordingOrder, file: string) {
    this.sid = sid;
    this.callSid = callSid;
    this.order = order;
    this.file = file;
    const sink = {
      write: async (bytes: Uint8Array, position: number): Promise<void> => {
        this.#handle ??= await open(file, 'w');
        await this.#handle.write(bytes, 0, bytes.length, position);
      },
    };
    const { channels } = order;
    this.#writer = new WavWriter(sink, { sampleRate: 8_000, channels, encoding: 'pcm16' });
  }

  get status(): RecordingStatus {
    return this.#status;
  }

  get durationMs(): number {
    return this.#frames * FRAME_MS;
  }

  get live(): boolean {
    return this.#status === 'in-progress' || this.#status === 'paused';
  }

  /** Pauses, goes on, or stops for good; false when it is over already. */
  turn(status: 'in-progress' | 'paused' | 'stopped'): boolean {
    if (!this.live) return false;
    this.#status = status;
    return true;
  }

  observe(event: CallEvent): void {
    if (event.type !== 'frame' || this.#status !== 'in-progress') return;
    if (this.durationMs >= MAX_MS) return;
    this.#frames += 1;
    const callee = this.order.track === 'outbound' ? SILENCE : event.caller;
    const agent = this.order.track === 'inbound' ? SILENCE : event.agent;
    const written =
      this.order.channels === 2
        ? this.#writer.write(callee, agent)
        : this.#writer.write(mixed(callee, agent));
    written.catch(() => {
      this.#failed = true;
    });
  }

  /** Completes the file. Without any sound, or where the disk failed, the recording is absent. */
  async finish(): Promise<void> {
    if (this.#frames > 0) await this.#writer.close().catch(() => this.#fail());
    await this.#handle?.close();
    this.#handle = null;
    this.#status = this.#frames === 0 || this.#failed ? 'absent' : 'completed';
  }

  async remove(): Promise<void> {
    await rm(this.file, { force: true });
  }

  #fail(): void {
    this.#failed = true;
  }
}

const SILENCE = new Int16Array(160);

function mixed(one: Int16Array, other: Int16Array): Int16Array {
  return one.map((sample, index) =>
    Math.max(-32_768, Math.min(32_767, sample + (other[index] ?? 0))),
  );
}
