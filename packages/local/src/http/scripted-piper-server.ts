import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import {
  refuse,
  type ScriptedRefusal,
  ScriptedServer,
  type SeenRequest,
  sendJson,
} from './scripted-server.ts';

export interface ScriptedPiperRequest {
  readonly text: string;
  readonly voice?: string;
  readonly speaker_id?: number;
  readonly length_scale?: number;
}

/** Bytes are sent as they are; a number is milliseconds of a tone. */
export type ScriptedSpeech = number | Uint8Array | { readonly stall: true } | ScriptedRefusal;

export interface ScriptedPiperOptions {
  /** 1.5 speaks at /synthesize, 1.3 at /. Default 1.5. */
  readonly version?: '1.3' | '1.5';
  readonly voices?: readonly string[];
  readonly sampleRate?: number;
  /** Default: 60 ms of a tone for each character. */
  readonly speak?: (request: ScriptedPiperRequest) => ScriptedSpeech;
}

/** Speaks the API of Piper's HTTP server, in a voice that is a tone. */
export class ScriptedPiperServer extends ScriptedServer {
  readonly #path: string;
  readonly #voices: readonly string[];
  readonly #sampleRate: number;
  readonly #speak: (request: ScriptedPiperRequest) => ScriptedSpeech;

  private constructor(server: Server, options: ScriptedPiperOptions) {
    super(server, (request, response) => this.#route(request, response));
    this.#path = options.version === '1.3' ? '/' : '/synthesize';
    this.#voices = options.voices ?? ['en_US-lessac-medium'];
    this.#sampleRate = options.sampleRate ?? 22_050;
    this.#speak = options.speak ?? (({ text }) => text.length * 60);
  }

  static async open(options: ScriptedPiperOptions = {}): Promise<ScriptedPiperServer> {
    return new ScriptedPiperServer(await ScriptedServer.listen(), options);
  }

  async #route({ method, path, body }: SeenRequest, response: ServerResponse): Promise<void> {
    if (method === 'GET' && path === '/voices') {
      const voices = this.#voices.map((name) => [
        name,
        { audio: { sample_rate: this.#sampleRate } },
      ]);
      return sendJson(response, Object.fromEntries(voices));
    }
    const html = { body: '<!doctype html><title>No</title>', contentType: 'text/html' };
    if (path !== this.#path) return refuse(response, { ...html, status: 404 });
    if (method !== 'POST') return refuse(response, { ...html, status: 405 });
    const request: ScriptedPiperRequest = JSON.parse(body.toString());
    if (request.text.trim() === '') return refuse(response, { ...html, status: 500 });
    const speech = this.#speak(request);
    if (typeof speech === 'object' && 'status' in speech) return refuse(response, speech);
    if (typeof speech === 'object' && 'stall' in speech)
      return void (await once(response, 'close'));
    // Flask calls everything HTML that it is not told about, and Piper does not tell it.
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(typeof speech === 'number' ? toneWav(speech, this.#sampleRate) : speech);
  }
}

/** A 16 bit mono WAV file of a soft tone of 200 Hz. */
export function toneWav(durationMs: number, sampleRate: number): Buffer {
  const samples = Math.round((durationMs * sampleRate) / 1000);
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(sampleRate, 24);
  wav.writeUInt32LE(sampleRate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i += 1) {
    wav.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * 200 * i) / sampleRate)), 44 + i * 2);
  }
  return wav;
}
