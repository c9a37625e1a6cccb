import type { CallerTurn } from './caller-turn.ts';

/** "Yes" over the last words of a question answers it. */
const EARLY_ANSWER_MS = 1200;

/** Words over the agent's speech that were left alone, and may turn out to answer it. */
export class EarlyAnswer {
  #turn: CallerTurn | null = null;

  keep(turn: CallerTurn): void {
    // If it does, what follows it is recognised by itself.
    turn.keep();
    this.#turn = turn;
  }

  /** The agent's words were heard to their end: the turn that has answered them, or null. */
  take(words: string, nowMs: number): CallerTurn | null {
    const turn = this.#turn;
    this.#turn = null;
    // Of a cough nothing is answered.
    if (turn === null || turn.text === '' || nowMs - turn.endMs > EARLY_ANSWER_MS) return null;
    return isQuestion(words) ? turn : null;
  }
}

/** Words that end by asking something. */
export function isQuestion(words: string): boolean {
  return words.trimEnd().endsWith('?');
}
