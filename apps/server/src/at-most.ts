/** Waits for the promise, and no longer than so many milliseconds. Rejects as it does. */
export async function atMost(promise: Promise<void> | undefined, ms: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
