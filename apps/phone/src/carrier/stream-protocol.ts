import { decodeMulaw, encodeMulaw } from '@earshot/audio';
import type { CallerTick } from '../caller/caller.ts';
import { FRAME_MS, FRAME_SAMPLES } from './frame-clock.ts';
import type { LiveCall, Side } from './live-call.ts';
import { Playback } from './playback.ts';
import { readServerMessage } from './server-message.ts';
import { UnderrunDetector } from './underrun.ts';

export interface StreamIdentity {
  readonly streamSid: string;
  readonly callSid: string;
  readonly accountSid: string;
  readonly customParameters: Readonly<Record<string, string>>;
}

/**
 * Twilio's half of one bidirectional media stream, without the socket: what it sends, what it makes
 * of what the server sends, and how that sounds. Numbers are strings where Twilio's are.
 */
export class StreamProtocol implements Side {
  readonly #identity: StreamIdentity;
  readonly #call: LiveCall;
  readonly #send: (text: string) => void;
  readonly #find: (code: string, text: string) => void;
  readonly #playback = new Playback();
  readonly #underruns = new UnderrunDetector();
  #sequence = 0;
  #frames = 0;
  /** Media messages that the network holds back. */
  #late: { readonly frame: number; readonly payload: string }[] = [];
  #halfOpen = false;

  constructor(
    identity: StreamIdentity,
    call: LiveCall,
    send: (text: string) => void,
    find: (code: string, text: string) => void,
  ) {
    this.#identity = identity;
    this.#call = call;
    this.#send = send;
    this.#find = find;
  }

  /** The network between the server and the carrier is gone, and neither end was told. */
  get halfOpen(): boolean {
    return this.#halfOpen;
  }

  get maxBufferedMs(): number {
    return this.#playback.maxBufferedMs;
  }

  start(): void {
    const { streamSid, accountSid, callSid, customParameters } = this.#identity;
    this.#send(JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }));
    const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
    const start = { accountSid, streamSid, callSid, tracks: ['inbound'], mediaFormat };
    this.#sendEvent('start', { start: { ...start, customParameters } });
  }

  /** Not for streams that the server closed: those get no `stop`. */
  stop(): void {
    const { accountSid, callSid } = this.#identity;
    this.#sendEvent('stop', { stop: { accountSid, callSid } });
  }

  press(digit: string): void {
    this.#sendEvent('dtmf', { dtmf: { track: 'inbound_track', digit } });
  }

  frameOver(said: CallerTick | null): void {
    for (const name of this.#playback.settle()) this.#returnMark(name, false);
    if (said === null) return;
    if (said.network === 'half-open') this.#halfOpen = true;
    this.#frames += 1;
    if (said.network === 'drop') return;
    const codes = encodeMulaw(said.samples ?? new Int16Array(FRAME_SAMPLES));
    this.#late.push({ frame: this.#frames, payload: Buffer.from(codes).toString('base64') });
    if (said.network !== 'late') this.#sendMedia();
  }

  pull(): Int16Array {
    const { codes, sent } = this.#playback.pull();
    const samples = decodeMulaw(codes);
    const gapMs = this.#underruns.heard(samples, sent);
    if (gapMs > 0) {
      const text = `the agent's speech stopped for ${gapMs} ms: its audio came too late`;
      this.#call.findings.add('underrun', text, gapMs);
    }
    return samples;
  }

  receive(data: Buffer, isBinary: boolean): void {
    if (this.#halfOpen) return;
    const { message, complaint } = readServerMessage(data, isBinary, this.#identity.streamSid);
    if (complaint) this.#find(complaint.code, `The server sent ${complaint.text}.`);
    if (message?.type === 'clear') this.#clear();
    if (message?.type === 'mark' && this.#playback.mark(message.name)) {
      this.#returnMark(message.name, false);
    }
    if (message?.type === 'media' && !this.#playback.append(message.codes)) {
      this.#find('31931', 'More than ten minutes of audio wait to be played; more is discarded.');
    }
  }

  #clear(): void {
    const { droppedMs, marks } = this.#playback.clear();
    this.#underruns.cleared();
    const atMs = this.#call.nowMs;
    this.#call.observe({ type: 'clear', atMs, droppedMs });
    this.#call.note({ type: 'clear-received', atMs });
    for (const name of marks) this.#returnMark(name, true);
  }

  #returnMark(name: string, cleared: boolean): void {
    this.#call.observe({ type: 'mark', atMs: this.#call.nowMs, name, cleared });
    this.#sendEvent('mark', { mark: { name } });
  }

  #sendMedia(): void {
    for (const { frame, payload } of this.#late) {
      const media = { chunk: String(frame), timestamp: String(frame * FRAME_MS), payload };
      this.#sendEvent('media', { media: { track: 'inbound', ...media } });
    }
    this.#late = [];
  }

  #sendEvent(event: string, body: Readonly<Record<string, unknown>>): void {
    if (this.#halfOpen) return;
    this.#sequence += 1;
    const { streamSid } = this.#identity;
    this.#send(
      JSON.stringify({ event, sequenceNumber: String(this.#sequence), streamSid, ...body }),
    );
  }
}
