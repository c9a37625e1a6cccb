/** First come, first served within a lane; lanes take turns, however much one of them asks for. */
export class FairQueue<T> {
  /** In the order in which the lanes are served next. No lane is empty. */
  readonly #lanes = new Map<string, T[]>();
  readonly #urgent: T[] = [];

  get size(): number {
    let size = this.#urgent.length;
    for (const lane of this.#lanes.values()) size += lane.length;
    return size;
  }

  push(lane: string, item: T): void {
    const items = this.#lanes.get(lane);
    if (items) items.push(item);
    else this.#lanes.set(lane, [item]);
  }

  /** Served before every lane: work that had its turn and lost it. */
  pushUrgent(item: T): void {
    this.#urgent.push(item);
  }

  shift(): T | undefined {
    const urgent = this.#urgent.shift();
    if (urgent !== undefined) return urgent;
    for (const [lane, items] of this.#lanes) {
      const item = items.shift();
      this.#lanes.delete(lane);
      if (items.length > 0) this.#lanes.set(lane, items);
      return item;
    }
    return undefined;
  }

  /** False when the item is not waiting. */
  remove(item: T): boolean {
    if (take(this.#urgent, item)) return true;
    for (const [lane, items] of this.#lanes) {
      if (!take(items, item)) continue;
      if (items.length === 0) this.#lanes.delete(lane);
      return true;
    }
    return false;
  }

  /** Empties the queue. */
  takeAll(): T[] {
    const all: T[] = [];
    for (let item = this.shift(); item !== undefined; item = this.shift()) all.push(item);
    return all;
  }
}

function take<T>(items: T[], item: T): boolean {
  const at = items.indexOf(item);
  if (at !== -1) items.splice(at, 1);
  return at !== -1;
}
