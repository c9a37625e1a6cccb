import { type AudioFrame, durationMs } from '@earshot/audio';
import type { Expectation, Recognition, Recognizer } from '@earshot/conversation';
import { loudness } from '../sherpa/loudness.ts';
import { NOTHING_HEARD, worthHearing } from '../sherpa/whisper-guards.ts';
import type { Availability } from './availability.ts';
import type { WholeAnswer } from './exchange.ts';
import { Exchange } from './exchange.ts';
import { openAiRefusal } from './openai-refusal.ts';
import { probeModels } from './probe-models.ts';
import { parseJson, refusalText } from './refusal.ts';
import { RemoteServer } from './remote-server.ts';
import { SpeechServerError } from './server-error.ts';
import { judge, parseTranscription, type Transcription } from './transcription.ts';
import { type TranscriptionFormat, type UtteranceFields, utteranceForm } from './utterance-form.ts';
import { wavFile } from './wav-file.ts';

const MAX_ANSWER_BYTES = 4_000_000;

export interface OpenAiRecognizerOptions extends UtteranceFields {
  /** With its version, for example http://127.0.0.1:8000/v1. */
  readonly baseUrl: string | URL;
  /** For example 'whisper-1' or 'Systran/faster-whisper-small.en'. */
  readonly model: string;
  readonly apiKey?: string;
  readonly timeoutMs?: number;
}

/**
 * Words from a server with OpenAI's `POST /audio/transcriptions`. Asks for probabilities where the
 * server tells them, to leave out what Whisper invents. Rejects with a `SpeechServerError`.
 */
export class OpenAiRecognizer implements Recognizer {
  readonly #server: RemoteServer;
  readonly #options: OpenAiRecognizerOptions;
  #format: TranscriptionFormat = 'verbose_json';

  constructor(options: OpenAiRecognizerOptions) {
    const { baseUrl, apiKey } = options;
    const name = 'The transcription server';
    this.#server = new RemoteServer({ name, baseUrl, apiKey, errorClass: SpeechServerError });
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
    const wav = await wavFile(utterance);
    const startedAt = performance.now();
    const transcription = await this.#transcribe(wav, signal);
    const engineMs = performance.now() - startedAt;
    return { ...judge(transcription, sound, durationMs(utterance)), engineMs, queuedMs: 0 };
  }

  /** Whether the server answers and, if it lists its models, has this one. */
  available(signal: AbortSignal): Promise<Availability> {
    return probeModels(this.#server, this.#options.model, signal);
  }

  async #transcribe(wav: Blob, signal: AbortSignal): Promise<Transcription> {
    const answer = await this.#ask(wav, this.#format, signal);
    const refused = answer.status === 400 || answer.status === 422;
    if (!refused || this.#format === 'json') return this.#read(answer);
    // Newer models of OpenAI, and some servers, know no probabilities.
    const transcription = this.#read(await this.#ask(wav, 'json', signal));
    this.#format = 'json';
    return transcription;
  }

  async #ask(wav: Blob, format: TranscriptionFormat, signal: AbortSignal): Promise<WholeAnswer> {
    const body = utteranceForm(wav, format, this.#options);
    const limits = { withinMs: this.#options.timeoutMs ?? 10_000, maxBytes: MAX_ANSWER_BYTES };
    using exchange = new Exchange(this.#server, signal);
    return await exchange.ask('/audio/transcriptions', { method: 'POST', body }, limits);
  }

  #read({ status, body }: WholeAnswer): Transcription {
    const json = parseJson(body);
    if (status !== 200) {
      const refusal = { status, said: refusalText(json), refused: 'the utterance' };
      throw openAiRefusal(this.#server, this.#options.model, refusal);
    }
    const transcription = parseTranscription(json);
    if (transcription) return transcription;
    throw this.#server.failure('answer-unreadable', 'sent something that is no transcription');
  }
}
