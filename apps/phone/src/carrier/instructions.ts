import type { Method } from './verb.ts';

/** What a call does next: TwiML to ask for, or TwiML that is there. */
export type Instructions =
  | {
      readonly type: 'fetch';
      readonly url: string;
      readonly method: Method;
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly type: 'inline'; readonly twiml: string };

/** Directs a call while it runs. */
export interface CallControl {
  /** Ends what the call is doing, its media stream too, and follows these. */
  redirect(instructions: Instructions): void;
  hangUp(): void;
}
