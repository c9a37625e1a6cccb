import type { Caller } from '../caller/caller.ts';
import type { Callee } from './callee.ts';
import { Voicemail } from './voicemail.ts';

/** Who answered, as Twilio calls it. */
export type AnsweredBy =
  | 'human'
  | 'machine_start'
  | 'machine_end_beep'
  | 'machine_end_silence'
  | 'unknown';

/** What `Calls.create` asks of answering-machine detection. */
export interface MachineDetection {
  readonly mode: 'Enable' | 'DetectMessageEnd';
  readonly async: boolean;
  readonly timeoutMs: number;
  /** Longer speech at the beginning is a machine's. */
  readonly speechThresholdMs: number;
  /** So much quiet ends a greeting. */
  readonly speechEndThresholdMs: number;
  /** So much quiet at the beginning, and nobody can tell. */
  readonly silenceTimeoutMs: number;
  readonly callback: { readonly url: string; readonly method: 'GET' | 'POST' } | null;
}

/** How long people say hello, before Twilio is sure that they do not go on. */
const HELLO_MS = 800;

/** What detection will find, and when after the answer. */
export function detect(
  detection: MachineDetection,
  callee: Callee,
  person: Caller,
): { readonly answeredBy: AnsweredBy; readonly afterMs: number } {
  const found = verdict(detection, callee, person);
  if (found.afterMs <= detection.timeoutMs) return found;
  return { answeredBy: 'unknown', afterMs: detection.timeoutMs };
}

function verdict(detection: MachineDetection, callee: Callee, person: Caller) {
  if (person instanceof Voicemail) return machine(detection, person);
  if (callee.does === 'silent' || callee.does === 'hangs-up') {
    return { answeredBy: 'unknown', afterMs: detection.silenceTimeoutMs } as const;
  }
  return { answeredBy: 'human', afterMs: HELLO_MS + detection.speechEndThresholdMs } as const;
}

function machine(
  { mode, speechThresholdMs, speechEndThresholdMs }: MachineDetection,
  { greetingEndsMs, beepEndsMs }: Voicemail,
) {
  if (mode === 'Enable')
    return { answeredBy: 'machine_start', afterMs: speechThresholdMs } as const;
  if (beepEndsMs !== null) return { answeredBy: 'machine_end_beep', afterMs: beepEndsMs } as const;
  const afterMs = greetingEndsMs + speechEndThresholdMs;
  return { answeredBy: 'machine_end_silence', afterMs } as const;
}
