/** The time and its alarms. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Acts once after so long; the returned function calls it off. */
  after(delayMs: number, action: () => void): () => void;
}

/** Longer timers would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, Math.min(delayMs, LONGEST_MS));
    return () => clearTimeout(timer);
  },
};

/** Acts once after so long, unless it is stopped before. */
export function afterUnless(
  stopped: AbortSignal,
  clock: Clock,
  delayMs: number,
  action: () => void,
): void {
  if (stopped.aborted) return;
  const callOff = clock.after(delayMs, () => {
    stopped.removeEventListener('abort', callOff);
    action();
  });
  stopped.addEventListener('abort', callOff, { once: true });
}
