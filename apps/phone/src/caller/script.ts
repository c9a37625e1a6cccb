import type { NetworkFaults } from './network.ts';
import type { Speech, Step, Wait } from './scenario.ts';
import type { SpokenTurn } from './spoken.ts';
import type { Utterance } from './utterance.ts';

/** What a caller does, with all its speech made: nothing is left to wait for but the agent. */
export interface Script {
  readonly moves: readonly Move[];
  /** Background sound, 160 samples a call. */
  readonly background: { next(): Float32Array } | null;
  readonly network: NetworkFaults | null;
  readonly limitMs: number;
}

export interface Line {
  readonly kind: SpokenTurn['kind'];
  readonly said: string;
  readonly utterance: Utterance;
}

export type Move =
  | { readonly type: 'wait'; readonly wait: Wait }
  | { readonly type: 'delay'; readonly ms: number }
  | { readonly type: 'say'; readonly line: Line }
  /** Waits until the agent has been speaking for `afterMs`, then says it over the agent. */
  | { readonly type: 'say-over'; readonly line: Line; readonly afterMs: number }
  | { readonly type: 'press'; readonly digits: string }
  | { readonly type: 'hang-up' }
  | { readonly type: 'vanish' };

const DEFAULT_WAIT: Wait = { for: 'agent-ends', quietMs: 900, limitMs: 20_000 };

/** The moves of one step. `make` gives the speech's sound. */
export async function movesOf(
  step: Step,
  make: (speech: Speech) => Promise<Utterance>,
): Promise<readonly Move[]> {
  const lineOf = async (speech: Speech, kind: SpokenTurn['kind'] = 'turn'): Promise<Line> => ({
    kind,
    said: wordsOf(speech),
    utterance: await make(speech),
  });
  switch (step.verb) {
    case 'say':
      return [delay(step.what.delayMs), { type: 'say', line: await lineOf(step.what) }];
    case 'answer':
      return [
        { type: 'wait', wait: DEFAULT_WAIT },
        delay(step.what.delayMs),
        { type: 'say', line: await lineOf(step.what) },
      ];
    case 'bargeIn':
      return [{ type: 'say-over', line: await lineOf(step.what), afterMs: step.what.afterMs }];
    case 'murmur': {
      const line = await lineOf(step.what, 'backchannel');
      return [{ type: 'say-over', line, afterMs: step.what.afterMs }];
    }
    case 'wait':
      return [{ type: 'wait', wait: step.what }];
    case 'press':
      return [{ type: 'press', digits: step.what }];
    case 'silent':
      return [delay(step.what * 1_000)];
    case 'hangUp':
      return [{ type: 'hang-up' }];
    case 'vanish':
      return [{ type: 'vanish' }];
  }
}

/** The words of a step's speech for people to read. */
function wordsOf(speech: Speech): string {
  return speech.sayAs ?? speech.text ?? speech.parts?.join(' … ') ?? speech.wav ?? '';
}

function delay(ms: number): Move {
  return { type: 'delay', ms };
}
