/** How eagerly speech is taken to start and to end; means the same for every kind of agent. */
export interface VadConfig {
  /** HIGH: soft speech counts, and noise more often does too. */
  readonly startSensitivity: 'HIGH' | 'LOW';
  /** HIGH: the turn ends sooner, and slow speakers are cut off more often. */
  readonly endSensitivity: 'HIGH' | 'LOW';
  /** Audio kept from before the first voiced frame, 20 to 500. */
  readonly prefixPaddingMs: number;
  /** The pause that ends a turn when nothing speaks for or against its end, 100 to 2000. */
  readonly silenceDurationMs: number;
}

export const DEFAULT_VAD: VadConfig = {
  startSensitivity: 'HIGH',
  endSensitivity: 'LOW',
  prefixPaddingMs: 200,
  silenceDurationMs: 500,
};

/** The shortest and longest pause that may end a turn. Words and sound choose between the two. */
export function pauseLimits({ endSensitivity, silenceDurationMs }: VadConfig): {
  readonly shortestMs: number;
  readonly longestMs: number;
} {
  const eager = endSensitivity === 'HIGH' ? 0.75 : 1;
  return {
    shortestMs: silenceDurationMs * 0.32 * eager,
    longestMs: silenceDurationMs * 2.8 * eager,
  };
}

/** Probability of speech from which a frame counts as voiced, and down to which it stays so. */
export function voicedThresholds({ startSensitivity }: VadConfig): {
  readonly start: number;
  readonly stay: number;
} {
  return startSensitivity === 'HIGH' ? { start: 0.5, stay: 0.35 } : { start: 0.75, stay: 0.5 };
}
