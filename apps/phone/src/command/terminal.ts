/** Where a command comes from and where its words go. */
export interface Terminal {
  readonly accountSid: string;
  readonly authToken: string;
  /** Files on the command line are relative to it. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly write: (line: string) => void;
  readonly complain: (line: string) => void;
  /** Aborted when whoever started the command is gone. */
  readonly parentGone?: () => AbortSignal;
}
