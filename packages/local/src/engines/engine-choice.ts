import { EngineError } from '../host/engine-error.ts';

export type EnginePart =
  | 'recognizer'
  | 'synthesizer'
  | 'stand-in'
  | 'voice detector'
  | 'end of turn'
  | 'language model';

/** One row of the start-up table. */
export interface EngineChoice {
  readonly part: EnginePart;
  /** What does the work: 'Whisper tiny.en'. */
  readonly engine: string;
  /** Why it is used, and what else would be needed for something better, in plain words. */
  readonly why: string;
}

/** One way to do a part's work. */
export interface Candidate<T> {
  /** By which it can be forced: 'whisper', 'http', 'small'. */
  readonly kind: string;
  /** Opens the engine if it can be had here. Errors count as not to be had, except the signal's reason. */
  open(signal: AbortSignal): Promise<Found<T> | NotFound>;
}

export interface Found<T> {
  readonly engine: T;
  readonly name: string;
  readonly why: string;
}

export interface NotFound {
  readonly missing: string;
}

export interface Chosen<T> {
  readonly engine: T;
  readonly row: EngineChoice;
}

/**
 * The first candidate that can be had, or the one that is forced. Throws an `EngineError`
 * `engine-unavailable` that lists the reasons when there is none.
 */
export async function chooseEngine<T>(
  part: EnginePart,
  forced: string,
  candidates: readonly Candidate<T>[],
  signal: AbortSignal,
): Promise<Chosen<T>> {
  const missing: string[] = [];
  for (const candidate of candidates) {
    if (forced !== 'auto' && forced !== candidate.kind) continue;
    const found = await tryCandidate(candidate, signal);
    if ('missing' in found) {
      missing.push(found.missing);
      continue;
    }
    const why = [found.why, ...missing].filter((reason) => reason !== '').join('; ');
    return { engine: found.engine, row: { part, engine: found.name, why } };
  }
  const reasons = missing.length === 0 ? `there is no '${forced}'` : missing.join('; ');
  throw new EngineError('engine-unavailable', `No ${part}: ${reasons}`);
}

async function tryCandidate<T>(
  candidate: Candidate<T>,
  signal: AbortSignal,
): Promise<Found<T> | NotFound> {
  signal.throwIfAborted();
  try {
    return await candidate.open(signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return { missing: error instanceof Error ? firstLine(error.message) : String(error) };
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
