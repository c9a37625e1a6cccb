/** What came of many requests. */
export interface Answers {
  /** From the moment a request was due to its last byte. */
  readonly delaysMs: readonly number[];
  /** Not answered, or not as they should be. */
  readonly failed: number;
}

export function delays({ delaysMs }: Answers): { p50: number; p95: number; p99: number } {
  const sorted = delaysMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
