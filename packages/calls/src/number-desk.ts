/** What a number can do. */
export type NumberCapability = 'voice' | 'sms' | 'mms';

export type NumberType = 'local' | 'toll-free' | 'mobile';

export interface NumberQuery {
  /** ISO 3166-1, two letters: US, GB. */
  readonly country: string;
  readonly type: NumberType;
  /** North America only: 415. */
  readonly areaCode: string | null;
  /** Two or more digits that follow one another in the number, or letters for their keys. */
  readonly contains: string | null;
  readonly capabilities: readonly NumberCapability[];
  /** At most 1000. */
  readonly limit: number;
}

/** A number that may be bought. */
export interface OfferedNumber {
  /** E.164. */
  readonly number: string;
  readonly country: string;
  readonly region: string | null;
  readonly locality: string | null;
  readonly capabilities: readonly NumberCapability[];
  /** The country wants to know an address before the number may be bought. */
  readonly needsAddress: boolean;
}

/** Where the carrier asks what to do with a call to the number, and where it reports. */
export interface NumberSetup {
  readonly name: string | null;
  readonly voiceUrl: string;
  /** Asked when `voiceUrl` does not answer. */
  readonly voiceFallbackUrl: string;
  readonly statusUrl: string;
}

/** What some countries want on file, by the carrier's ids. */
export interface NumberPapers {
  readonly addressId?: string;
  readonly bundleId?: string;
}

/** A number of ours. */
export interface OwnedNumber {
  /** The carrier's id. */
  readonly id: string;
  /** E.164. */
  readonly number: string;
  readonly name: string;
  readonly capabilities: readonly NumberCapability[];
  /** Null: not set. */
  readonly voiceUrl: string | null;
  readonly voiceFallbackUrl: string | null;
  readonly statusUrl: string | null;
}

/** Finds, buys and gives back phone numbers. All failures are `CallError`s. */
export interface NumberDesk {
  search(query: NumberQuery, signal: AbortSignal): Promise<readonly OfferedNumber[]>;
  /**
   * Buys this number and sets it up in one step, so that no call to it is ever unanswered.
   * `carrier-ambiguous`: it may have been bought, and `list` tells.
   */
  buy(
    number: string,
    setup: NumberSetup,
    papers: NumberPapers,
    signal: AbortSignal,
  ): Promise<OwnedNumber>;
  /** `carrier-refused` when we have no such number. */
  configure(id: string, setup: NumberSetup, signal: AbortSignal): Promise<OwnedNumber>;
  /** Gives it back. Resolves, too, when it is gone already. */
  release(id: string, signal: AbortSignal): Promise<void>;
  list(signal: AbortSignal): Promise<readonly OwnedNumber[]>;
}
