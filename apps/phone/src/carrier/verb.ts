export interface StreamVerb {
  readonly url: string;
  readonly name: string | null;
  readonly statusCallback: string | null;
  readonly statusCallbackMethod: Method;
  readonly parameters: Readonly<Record<string, string>>;
}

export type Method = 'GET' | 'POST';

export type Prompt =
  | { readonly verb: 'Say'; readonly text: string; readonly loop: number }
  | { readonly verb: 'Play'; readonly url: string; readonly digits: string; readonly loop: number }
  | { readonly verb: 'Pause'; readonly seconds: number };

/** One instruction, as far as the emulator follows it. `action` null: go on with the next verb. */
export type Verb =
  | Prompt
  | {
      readonly verb: 'Connect';
      readonly action: string | null;
      readonly method: Method;
      readonly stream: StreamVerb;
    }
  | {
      readonly verb: 'Gather';
      readonly action: string | null;
      readonly method: Method;
      readonly timeoutSeconds: number;
      /** 0: any number. */
      readonly numDigits: number;
      readonly finishOnKey: string;
      readonly actionOnEmptyResult: boolean;
      readonly prompts: readonly Prompt[];
    }
  | { readonly verb: 'Redirect'; readonly url: string; readonly method: Method }
  | {
      readonly verb: 'Dial';
      readonly number: string;
      readonly action: string | null;
      readonly method: Method;
      readonly timeoutSeconds: number;
    }
  | { readonly verb: 'Reject'; readonly reason: string }
  | { readonly verb: 'Hangup' };
