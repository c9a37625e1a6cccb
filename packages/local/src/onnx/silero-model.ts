import ort from 'onnxruntime-node';
import { openSession } from './session.ts';
import { WINDOW_SAMPLES } from './voice-windows.ts';

/** Windows of several calls, in the order of their audio where a call has more than one. */
export interface VoiceBatch {
  /** Whose window each is. A number that is new begins a new stream. */
  readonly streams: Uint32Array;
  /** All windows one after the other: 256 samples each at 8 kHz. */
  readonly samples: Int16Array;
  /** Streams that have ended. */
  readonly closed: Uint32Array;
}

/** What the model keeps of one call. */
interface Stream {
  readonly context: Float32Array;
  readonly state: Float32Array;
  /** Windows without voice since its last, or since the state was forgotten. */
  quiet: number;
}

interface Hearing {
  readonly stream: Stream;
  readonly window: Int16Array;
}

/** The model wants the last 32 samples before each window in front of it. */
const CONTEXT_SAMPLES = 32;
const INPUT_SAMPLES = CONTEXT_SAMPLES + WINDOW_SAMPLES;
/** The state is [2, batch, 128]. */
const LAYERS = 2;
const STATE_SIZE = 128;

/**
 * What was said before makes the model deaf to the beginning of what comes next, for 160 ms and more,
 * however long the silence between. So the state is forgotten after two seconds without voice, which
 * are between turns: within one it tells the voice that goes on from the room.
 */
const FORGET_AFTER = 62;
const QUIET = 0.2;

/** Silero VAD at 8 kHz: one run for all streams that have a window. */
export class SileroModel {
  readonly #session: ort.InferenceSession;
  readonly #sampleRate = new ort.Tensor('int64', BigInt64Array.of(8000n), []);
  readonly #streams = new Map<number, Stream>();

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  static async open(path: string): Promise<SileroModel> {
    return new SileroModel(await openSession(path));
  }

  /** A probability for each window. */
  async detect({ streams, samples, closed }: VoiceBatch): Promise<Float32Array> {
    for (const id of closed) this.#streams.delete(id);
    const probabilities = new Float32Array(streams.length);
    for (const round of rounds(streams)) {
      const hearings = round.map((index) => ({
        stream: this.#stream(streams[index] ?? 0),
        window: samples.subarray(index * WINDOW_SAMPLES, (index + 1) * WINDOW_SAMPLES),
      }));
      const answers = await this.#run(hearings);
      for (const [i, index] of round.entries()) probabilities[index] = answers[i] ?? 0;
    }
    return probabilities;
  }

  #stream(id: number): Stream {
    const known = this.#streams.get(id);
    if (known) return known;
    const context = new Float32Array(CONTEXT_SAMPLES);
    const stream = { context, state: new Float32Array(LAYERS * STATE_SIZE), quiet: 0 };
    this.#streams.set(id, stream);
    return stream;
  }

  async #run(hearings: readonly Hearing[]): Promise<Float32Array> {
    const size = hearings.length;
    const input = new Float32Array(size * INPUT_SAMPLES);
    const state = new Float32Array(LAYERS * size * STATE_SIZE);
    for (const [i, { stream, window }] of hearings.entries()) {
      hear(stream, window, input.subarray(i * INPUT_SAMPLES, (i + 1) * INPUT_SAMPLES));
      for (let layer = 0; layer < LAYERS; layer++)
        part(state, layer * size + i).set(part(stream.state, layer));
    }
    const { output, stateN } = await this.#session.run({
      input: new ort.Tensor('float32', input, [size, INPUT_SAMPLES]),
      state: new ort.Tensor('float32', state, [LAYERS, size, STATE_SIZE]),
      sr: this.#sampleRate,
    });
    const next = floats(stateN);
    const probabilities = floats(output);
    for (const [i, { stream }] of hearings.entries()) {
      for (let layer = 0; layer < LAYERS; layer++)
        part(stream.state, layer).set(part(next, layer * size + i));
      forget(stream, probabilities[i] ?? 0);
    }
    return probabilities;
  }
}

/** Writes the context and the window to the input, and keeps the end of it as the next context. */
function hear({ context }: Stream, window: Int16Array, input: Float32Array): void {
  input.set(context);
  for (let i = 0; i < WINDOW_SAMPLES; i++) input[CONTEXT_SAMPLES + i] = (window[i] ?? 0) / 32_768;
  context.set(input.subarray(WINDOW_SAMPLES));
}

/** The context is sound and stays. */
function forget(stream: Stream, probability: number): void {
  stream.quiet = probability < QUIET ? stream.quiet + 1 : 0;
  if (stream.quiet < FORGET_AFTER) return;
  stream.state.fill(0);
  stream.quiet = 0;
}

/** One layer of one stream. */
function part(states: Float32Array, at: number): Float32Array {
  return states.subarray(at * STATE_SIZE, (at + 1) * STATE_SIZE);
}

/** Places in the batch, so that each round has the next window of each stream. */
function rounds(streams: Uint32Array): number[][] {
  const seen = new Map<number, number>();
  const all: number[][] = [];
  for (const [index, id] of streams.entries()) {
    const round = seen.get(id) ?? 0;
    seen.set(id, round + 1);
    all[round] ??= [];
    all[round].push(index);
  }
  return all;
}

function floats(tensor: ort.Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new Error('The model answers in another shape: is this Silero VAD 5 or 6?');
}
