import { CallRecord } from './call-record.ts';

/** Beyond so many, calls that are over are forgotten, oldest first. */
const MOST_CALLS = 200;
/** Beyond so many, any call is: some were announced and never came. */
const MOST_RECORDS = 10_000;

/** Calls that live, and the newest of those that are over, in memory. */
export class CallRecords {
  /** In the order of their beginning. */
  readonly #records = new Map<string, CallRecord>();

  get(callSid: string): CallRecord | null {
    return this.#records.get(callSid) ?? null;
  }

  /** The record of this call; a new one when it is not known yet. */
  open(callSid: string): CallRecord {
    const known = this.#records.get(callSid);
    if (known) return known;
    const record = new CallRecord();
    this.#records.set(callSid, record);
    this.#forget();
    return record;
  }

  /** No more events come for anybody. */
  close(): void {
    for (const record of this.#records.values()) record.close();
  }

  #forget(): void {
    for (const [callSid, record] of this.#records) {
      if (this.#records.size <= MOST_CALLS) return;
      if (!record.over && this.#records.size <= MOST_RECORDS) continue;
      record.close();
      this.#records.delete(callSid);
    }
  }
}
