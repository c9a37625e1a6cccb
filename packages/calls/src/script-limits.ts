/** How long a call's script waits for what. Milliseconds. */
export interface ScriptLimits {
  /** For the call's turn at the carrier. */
  readonly queueMs: number;
  /** The carrier's own limit of ringing may act a little late. */
  readonly ringMarginMs: number;
  /** A call that rings and of which nothing is heard is looked up this often. */
  readonly ringLookUpEveryMs: number;
  /** After an unclear dial the carrier is asked after each of these: new calls show up late there. */
  readonly findAfterMs: readonly number[];
  /** From the answer to the first audio. */
  readonly mediaMs: number;
  /** A lost stream is brought back by the carrier within this time, or not at all. */
  readonly backMs: number;
  /** A caller who seems to have hung up may still be there: until the carrier says, it is asked this often. */
  readonly goneLookUpEveryMs: number;
  /** Beyond the maximum duration: the agent's own farewell. */
  readonly farewellMs: number;
  /** How long the carrier's word that a call is over waits for what the holder of its audio has to tell. */
  readonly lastWordsMs: number;
  /** And so much longer while a stream has no end: a holder that says nothing then is gone. */
  readonly holderMs: number;
  /** A live call of which nothing is heard is looked up this often. */
  readonly lookUpEveryMs: number;
  /** Waits between attempts to end the phone leg while the carrier cannot be asked. */
  readonly hangUpAfterMs: readonly number[];
}

export const SCRIPT_LIMITS: ScriptLimits = {
  queueMs: 15 * 60_000,
  ringMarginMs: 10_000,
  ringLookUpEveryMs: 15_000,
  findAfterMs: [2_000, 3_000, 5_000, 10_000, 20_000],
  mediaMs: 20_000,
  backMs: 15_000,
  goneLookUpEveryMs: 2_000,
  farewellMs: 30_000,
  lastWordsMs: 5_000,
  holderMs: 20_000,
  lookUpEveryMs: 60_000,
  hangUpAfterMs: [1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 60_000],
};
