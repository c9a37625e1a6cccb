import { type AudioFrame, durationMs } from '@earshot/audio';
import type { Expectation, Recognition, Recognizer } from '@earshot/conversation';
import { loudness } from '../sherpa/loudness.ts';
import { NOTHING_HEARD, worthHearing } from '../sherpa/whisper-guards.ts';
import type { Availability } from './availability.ts';
import { Exchange } from './exchange.ts';
import { parseJson, refusalCode, refusalText } from './refusal.ts';
import { RemoteServer } from './remote-server.ts';
import { SpeechServerError } from './server-error.ts';
import { judge, parseTranscription, type Transcription } from './transcription.ts';
import { Turnstile } from './turnstile.ts';
import { type UtteranceFields, utteranceForm } from './utterance-form.ts';
import { wavFile } from './wav-file.ts';

const MAX_ANSWER_BYTES = 4_000_000;
/** More would wait longer than a caller does. */
const MAX_WAITING = 32;

export interface WhisperCppOptions extends Omit<UtteranceFields, 'model'> {
  /** For example http://127.0.0.1:8080. */
  readonly baseUrl: string | URL;
  /** For the transcription itself, the wait for our turn not counted. */
  readonly timeoutMs?: number;
}

/**
 * Words from whisper.cpp's server. It transcribes one utterance at a time, so the others wait here,
 * where the wait can be measured and given up: one recognizer for each server. Rejects with a
 * `SpeechServerError`.
 */
export class WhisperCppRecognizer implements Recognizer {
  readonly #server: RemoteServer;
  readonly #options: WhisperCppOptions;
  readonly #turnstile = new Turnstile(MAX_WAITING);

  constructor(options: WhisperCppOptions) {
    const name = 'The whisper.cpp server';
    const { baseUrl } = options;
    this.#server = new RemoteServer({ name, baseUrl, errorClass: SpeechServerError });
    this.#options = options;
  }

  async recognize(
    utterance: AudioFrame,
    _expectation: Expectation,
    signal: AbortSignal,
  ): Promise<Recognition> {
    signal.throwIfAborted();
    const sound = loudness(utterance);
    if (!worthHearing(sound)) return NOTHING_HEARD;
    if (this.#turnstile.isFull) {
      throw this.#server.failure('server-busy', `has ${MAX_WAITING} utterances waiting`);
    }
    const arrivedAt = performance.now();
    using _turn = await this.#turnstile.enter(signal);
    const startedAt = performance.now();
    const transcription = await this.#transcribe(await wavFile(utterance), signal);
    const engineMs = performance.now() - startedAt;
    const verdict = judge(transcription, sound, durationMs(utterance));
    return { ...verdict, engineMs, queuedMs: startedAt - arrivedAt };
  }

  /** Whether the server answers and has loaded its model. */
  async available(signal: AbortSignal): Promise<Availability> {
    using exchange = new Exchange(this.#server, signal);
    try {
      const limits = { withinMs: 3000, maxBytes: MAX_ANSWER_BYTES };
      const { status } = await exchange.ask('/health', { method: 'GET' }, limits);
      if (status === 200)
        return { available: true, detail: `whisper.cpp at ${this.#server.address}` };
      const why = status === 503 ? 'is still loading its model' : `answers /health with ${status}`;
      return { available: false, detail: `${this.#server.address} ${why}` };
    } catch (error) {
      if (!(error instanceof SpeechServerError)) throw error;
      return { available: false, detail: error.message };
    }
  }

  async #transcribe(wav: Blob, signal: AbortSignal): Promise<Transcription> {
    const body = utteranceForm(wav, 'verbose_json', this.#options);
    const limits = { withinMs: this.#options.timeoutMs ?? 10_000, maxBytes: MAX_ANSWER_BYTES };
    using exchange = new Exchange(this.#server, signal);
    const answer = await exchange.ask('/inference', { method: 'POST', body }, limits);
    const json = parseJson(answer.body);
    const said = refusalText(json);
    if (answer.status !== 200) {
      const code = refusalCode(answer.status, 'endpoint-missing');
      throw this.#server.failure(code, `refused the utterance (${answer.status})`, said);
    }
    const transcription = parseTranscription(json);
    if (transcription) return transcription;
    // Some versions report errors with status 200.
    if (said) throw this.#server.failure('server-failed', 'could not transcribe', said);
    throw this.#server.failure('answer-unreadable', 'sent something that is no transcription');
  }
}
