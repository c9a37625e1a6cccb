const BATCHES = 40;
const BATCH_MS = 5;

/**
 * Microseconds that one run of `work` takes: the best of many batches, since all that disturbs a
 * measurement makes it longer.
 */
export function microseconds(work: () => unknown): number {
  const runs = runsIn(BATCH_MS, work);
  let best = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < BATCHES; batch++) best = Math.min(best, timed(runs, work) / runs);
  return best * 1000;
}

// Doubling the number of runs until they fill the time also warms the code up.
function runsIn(ms: number, work: () => unknown): number {
  let runs = 1;
  while (timed(runs, work) < ms) runs *= 2;
  return runs;
}

function timed(runs: number, work: () => unknown): number {
  const start = performance.now();
  for (let run = 0; run < runs; run++) work();
  return performance.now() - start;
}
