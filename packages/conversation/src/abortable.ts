/** Ends with the signal even where the source does not. */
export async function* abortable<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const aborted = Promise.withResolvers<null>();
  const abort = () => aborted.resolve(null);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    for (;;) {
      const next = iterator.next();
      // A source that fails after it was left has nobody to tell.
      next.catch(() => {});
      const result = await Promise.race([next, aborted.promise]);
      if (result === null || result.done) return;
      yield result.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    iterator.return?.().catch(() => {});
  }
}
