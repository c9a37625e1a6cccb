/** Waits double from here, as those of Twilio's own library. */
const FIRST_MS = 200;
const LONGEST_MS = 3_000;
/** Whoever is told to wait longer is told that the carrier is busy. */
const LONGEST_ASKED_MS = 10_000;

/**
 * How long to wait before the next try, after `tries` of them: what `Retry-After` asks (seconds, or a
 * date), else a random part of a doubling time. Null: not worth waiting for.
 */
export function retryDelayMs(
  retryAfter: string | null,
  tries: number,
  random: () => number = Math.random,
  now: () => number = Date.now,
): number | null {
  const jitterMs = random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** tries);
  const askedMs = retryAfter === null ? null : parse(retryAfter.trim(), now);
  if (askedMs === null) return jitterMs;
  return askedMs > LONGEST_ASKED_MS ? null : askedMs + jitterMs;
}

function parse(retryAfter: string, now: () => number): number | null {
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const atMs = Date.parse(retryAfter);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - now());
}
