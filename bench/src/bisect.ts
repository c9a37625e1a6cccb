const PROBES = 6;
/** Probes this close to one another decide. */
const CLOSE_ENOUGH = 0.05;

/**
 * The result for the largest number that passes, as far as a few costly probes tell; null if none
 * does. A probe answers null for a number that is too large.
 */
export async function bisect<T>(
  guess: number,
  probe: (number: number) => Promise<T | null>,
): Promise<T | null> {
  let best: T | null = null;
  let passed = 0;
  let tooMany = Number.POSITIVE_INFINITY;
  let next = guess;
  for (let i = 0; i < PROBES && next > 0; i++) {
    const result = await probe(next);
    if (result === null) tooMany = next;
    else [best, passed] = [result, next];
    if (tooMany - passed <= Math.max(1, passed * CLOSE_ENOUGH)) break;
    if (tooMany === Number.POSITIVE_INFINITY) next = Math.ceil(passed * 1.3);
    else next = Math.floor(passed === 0 ? tooMany * 0.6 : (passed + tooMany) / 2);
  }
  return best;
}
