/** How long a caller may wait for words. The clock stands while the words wait to be spoken. */
export interface LanguageModelLimits {
  /** From the request to the first token, the reading of the prompt included. */
  readonly firstTokenMs: number;
  readonly nextTokenMs: number;
}

export const DEFAULT_LIMITS: LanguageModelLimits = { firstTokenMs: 15_000, nextTokenMs: 5000 };
