/** Counts the work of engines, so that virtual time can stand still until it is done. */
export class Outstanding {
  readonly #work = new Set<Promise<unknown>>();

  track<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work);
    const done = () => this.#work.delete(work);
    work.then(done, done);
    return work;
  }

  /** Resolves when nothing is at work, and all that followed from it has happened. */
  async settled(): Promise<void> {
    do {
      await Promise.allSettled(this.#work);
      await turnsOfTheLoop(4);
    } while (this.#work.size > 0);
  }
}

/** Chains of promises, streams among them, need a few turns to run to their end. */
async function turnsOfTheLoop(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}
