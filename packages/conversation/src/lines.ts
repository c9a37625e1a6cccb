/** What the agent says without asking its language model. Spoken from a cache, so that it never waits. */
export interface Lines {
  readonly greeting: string;
  /** Words take longer than a caller expects. */
  readonly filler: string;
  /** Words take so long that the line seems dead. */
  readonly holding: string;
  /** No language model has an answer. */
  readonly apology: string;
  /** The caller is silent: said one after the other, the last one before hanging up. */
  readonly idle: readonly [string, string, string];
  readonly timeIsShort: string;
  readonly timeIsUp: string;
}

export const DEFAULT_LINES: Lines = {
  greeting: 'Hello! How can I help you today?',
  filler: 'Let me see.',
  holding: 'Sorry, this takes a moment. I am still here.',
  apology: 'I am sorry, I am having trouble with that right now. Could you say it again, please?',
  idle: [
    'Are you still there?',
    'I cannot hear you. Can you hear me?',
    'I still cannot hear you, so I will hang up now. Goodbye.',
  ],
  timeIsShort: 'We have about half a minute left on this call.',
  timeIsUp: 'Our time is up. Thank you. Goodbye.',
};

/** All that may be said in the middle of a call. The greeting may be one caller's own. */
export function laterLines(lines: Lines): string[] {
  const { filler, holding, apology, idle, timeIsShort, timeIsUp } = lines;
  return [filler, holding, apology, ...idle, timeIsShort, timeIsUp];
}
