import { type AudioFrame, readWav, WavError } from '@earshot/audio';
import type { Synthesizer } from '@earshot/conversation';
import { z } from 'zod';
import type { Availability } from './availability.ts';
import { Exchange, type WholeAnswer } from './exchange.ts';
import { parseJson, refusalCode, refusalText } from './refusal.ts';
import { RemoteServer } from './remote-server.ts';
import { SpeechServerError } from './server-error.ts';

const FRAME_MS = 80;
/** What is left at the end goes with the frame before it if it is shorter. */
const SHORTEST_MS = 20;
/** Seven minutes at 22,050 samples a second. */
const MAX_WAV_BYTES = 20_000_000;
const RATES = { lowest: 8000, highest: 48_000 };
/** Piper's HTTP server from 1.5 on, and before. */
const PATHS = ['/synthesize', '/'] as const;

export interface PiperHttpOptions {
  /** For example http://127.0.0.1:5000. */
  readonly baseUrl: string | URL;
  /** For example 'en_US-lessac-medium'; default is the server's. */
  readonly voice?: string;
  readonly speakerId?: number;
  /** Above 1 is slower. */
  readonly lengthScale?: number;
  readonly timeoutMs?: number;
}

/**
 * Speech from Piper's HTTP server. It sends a clause when all of it is spoken, so a clause is what
 * it should be asked for. Throws a `SpeechServerError`.
 */
export class PiperHttpSynthesizer implements Synthesizer {
  readonly voice: string;
  readonly #server: RemoteServer;
  readonly #options: PiperHttpOptions;
  #path: (typeof PATHS)[number] | null = null;

  constructor(options: PiperHttpOptions) {
    const { baseUrl, voice = 'default', speakerId = 0, lengthScale = 1 } = options;
    const name = 'The Piper server';
    this.#server = new RemoteServer({ name, baseUrl, errorClass: SpeechServerError });
    this.#options = options;
    this.voice = `piper ${this.#server.address} ${voice} ${speakerId} ${lengthScale}`;
  }

  async *synthesize(text: string, signal: AbortSignal): AsyncGenerator<AudioFrame> {
    signal.throwIfAborted();
    const words = withoutPhonemes(text);
    // Piper answers text without words with an error or a click.
    if (!/[\p{L}\p{N}]/u.test(words)) return;
    const speech = this.#read(await this.#speak(words, signal));
    for (const frame of cut(speech)) {
      signal.throwIfAborted();
      yield frame;
    }
  }

  /** Whether the server answers and, if it lists its voices, has this one. */
  async available(signal: AbortSignal): Promise<Availability> {
    using exchange = new Exchange(this.#server, signal);
    try {
      const limits = { withinMs: 3000, maxBytes: 4_000_000 };
      const { status, body } = await exchange.ask('/voices', { method: 'GET' }, limits);
      const { address } = this.#server;
      if (status >= 500) return { available: false, detail: `${address} fails (${status})` };
      const voices = Voices.safeParse(parseJson(body)).data ?? [];
      const { voice } = this.#options;
      // An unknown voice is no error to Piper: it would speak with another, and nobody would know.
      if (voice && voices.length > 0 && !voices.includes(voice)) {
        const some = voices.slice(0, 5).join(', ');
        return { available: false, detail: `${address} has no voice ${voice} (it has ${some})` };
      }
      return { available: true, detail: `Piper at ${address}, voice ${voice ?? 'of the server'}` };
    } catch (error) {
      if (!(error instanceof SpeechServerError)) throw error;
      return { available: false, detail: error.message };
    }
  }

  async #speak(text: string, signal: AbortSignal): Promise<WholeAnswer> {
    const { voice, speakerId, lengthScale } = this.#options;
    const body = JSON.stringify({
      text,
      ...(voice === undefined ? {} : { voice }),
      ...(speakerId === undefined ? {} : { speaker_id: speakerId }),
      ...(lengthScale === undefined ? {} : { length_scale: lengthScale }),
    });
    using exchange = new Exchange(this.#server, signal);
    if (this.#path) return await this.#post(exchange, this.#path, body);
    const answer = await this.#post(exchange, PATHS[0], body);
    if (answer.status !== 404 && answer.status !== 405) return this.#remember(PATHS[0], answer);
    return this.#remember(PATHS[1], await this.#post(exchange, PATHS[1], body));
  }

  #remember(path: (typeof PATHS)[number], answer: WholeAnswer): WholeAnswer {
    if (answer.status === 200) this.#path = path;
    return answer;
  }

  #post(exchange: Exchange, path: string, body: string): Promise<WholeAnswer> {
    const limits = { withinMs: this.#options.timeoutMs ?? 10_000, maxBytes: MAX_WAV_BYTES };
    return exchange.ask(path, { method: 'POST', body, json: true }, limits);
  }

  #read({ status, body }: WholeAnswer): AudioFrame {
    if (status !== 200) {
      const code = refusalCode(status, 'endpoint-missing');
      const said = refusalText(parseJson(body));
      throw this.#server.failure(code, `refused to speak (${status})`, said);
    }
    const wav = this.#parse(body);
    const samples = wav.samples[0] ?? new Int16Array();
    if (isCutShort(body)) throw this.#server.failure('answer-cut', 'sent half a WAV file');
    const { sampleRate } = wav;
    if (sampleRate >= RATES.lowest && sampleRate <= RATES.highest) return { samples, sampleRate };
    throw this.#server.failure(
      'answer-unreadable',
      `sent speech at ${sampleRate} samples a second`,
    );
  }

  #parse(body: Uint8Array): ReturnType<typeof readWav> {
    try {
      return readWav(body);
    } catch (error) {
      if (!(error instanceof WavError)) throw error;
      throw this.#server.failure('answer-unreadable', `sent no WAV file (${error.code})`);
    }
  }
}

/** `GET /voices`: an object by name; older versions and look-alikes send a list of names. */
const Voices = z.union([
  z.array(z.string()),
  z.record(z.string(), z.unknown()).transform((voices) => Object.keys(voices)),
]);

/** `[[ … ]]` is Piper's notation for raw phonemes, which nobody may write but us. */
function withoutPhonemes(text: string): string {
  return text
    .replace(/\[\[.*?\]\]/gs, ' ')
    .replace(/\[{2,}|\]{2,}/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The header says how long the file is; 0 and the largest number say "to the end". */
function isCutShort(wav: Uint8Array): boolean {
  const bytes = new DataView(wav.buffer, wav.byteOffset, wav.byteLength).getUint32(4, true);
  return bytes !== 0 && bytes !== 0xffff_ffff && bytes + 8 > wav.length;
}

function* cut({ samples, sampleRate }: AudioFrame): Generator<AudioFrame> {
  const size = Math.round((sampleRate * FRAME_MS) / 1000);
  const shortest = Math.round((sampleRate * SHORTEST_MS) / 1000);
  for (let from = 0; from < samples.length; ) {
    const left = samples.length - from;
    const to = left < size + shortest ? samples.length : from + size;
    yield { samples: samples.subarray(from, to), sampleRate };
    from = to;
  }
}
