import { CallRecord } from './call-record.ts';

/** Finished calls that are kept to be looked at. */
const MOST_CALLS = 200;

/** The newest calls, in memory. */
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
      record.close();
      this.#records.delete(callSid);
    }
  }
}
