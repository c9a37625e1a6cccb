import { newSid } from '../carrier/signature.ts';
import type { Method } from '../carrier/verb.ts';

/** How a number of the account is set up; a URL of '' is none. */
export interface NumberSettings {
  readonly friendlyName: string;
  readonly voiceUrl: string;
  readonly voiceMethod: Method;
  readonly voiceFallbackUrl: string;
  readonly voiceFallbackMethod: Method;
  readonly statusCallback: string;
  readonly statusCallbackMethod: Method;
  readonly addressSid: string | null;
  readonly bundleSid: string | null;
}

export interface OwnNumber extends NumberSettings {
  readonly sid: string;
  readonly phoneNumber: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const UNSET: Omit<NumberSettings, 'friendlyName'> = {
  voiceUrl: '',
  voiceMethod: 'POST',
  voiceFallbackUrl: '',
  voiceFallbackMethod: 'POST',
  statusCallback: '',
  statusCallbackMethod: 'POST',
  addressSid: null,
  bundleSid: null,
};

/** The account's own numbers. */
export class PhoneNumbers {
  readonly #owned = new Map<string, OwnNumber>();

  /** Newest first. */
  get all(): readonly OwnNumber[] {
    return [...this.#owned.values()].reverse();
  }

  get(sid: string): OwnNumber | null {
    return this.#owned.get(sid) ?? null;
  }

  find(phoneNumber: string): OwnNumber | null {
    return this.all.find((number) => number.phoneNumber === phoneNumber) ?? null;
  }

  add(phoneNumber: string, settings: Partial<NumberSettings> = {}): OwnNumber {
    const now = new Date();
    const base = { ...UNSET, friendlyName: phoneNumber, ...settings };
    const number = { ...base, sid: newSid('PN'), phoneNumber, createdAt: now, updatedAt: now };
    this.#owned.set(number.sid, number);
    return number;
  }

  update(number: OwnNumber, settings: Partial<NumberSettings>): OwnNumber {
    const updated = { ...number, ...settings, updatedAt: new Date() };
    this.#owned.set(number.sid, updated);
    return updated;
  }

  release(sid: string): void {
    this.#owned.delete(sid);
  }
}
