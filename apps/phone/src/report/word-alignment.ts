import type { EarTurn } from './ear-turns.ts';
import type { ServerTurn } from './server-transcript.ts';

/** What both sides say about a turn's words. */
export interface Words {
  readonly said: string;
  readonly heard: string;
}

/** A server's clock may differ from the ear's by its buffers and by when its stream began. */
const TOLERANCE_MS = 4_000;

/**
 * Gives each turn at the ear its words. The server's turns go, in their order, to the turn of the
 * same speaker they overlap most or lie nearest to; several on one turn are joined, and one that no
 * ear heard (a murmur, a reply cleared in time) goes nowhere. `offsetMs`: when the server's clock began.
 */
export function alignWords(
  turns: readonly EarTurn[],
  serverTurns: readonly ServerTurn[],
  offsetMs: number,
): readonly Words[] {
  const given = turns.map((): ServerTurn[] => []);
  for (const serverTurn of serverTurns) {
    const startMs = serverTurn.startMs + offsetMs;
    const endMs = serverTurn.endMs + offsetMs;
    const distances = turns.map((turn) =>
      turn.speaker === serverTurn.speaker
        ? distance(turn, startMs, endMs)
        : Number.POSITIVE_INFINITY,
    );
    const nearest = Math.min(...distances);
    if (nearest <= TOLERANCE_MS) given[distances.indexOf(nearest)]?.push(serverTurn);
  }
  return turns.map((turn, i) => wordsOf(turn, given[i] ?? []));
}

/** Negative by as much as they overlap, else how far they are apart. */
function distance(turn: EarTurn, startMs: number, endMs: number): number {
  return Math.max(turn.startMs, startMs) - Math.min(turn.endMs, endMs);
}

function wordsOf(turn: EarTurn, serverTurns: readonly ServerTurn[]): Words {
  const join = (part: 'said' | 'heard'): string =>
    serverTurns
      .map((serverTurn) => serverTurn[part])
      .filter((words) => words !== '')
      .join(' ');
  return { said: turn.speaker === 'caller' ? turn.words : join('said'), heard: join('heard') };
}
