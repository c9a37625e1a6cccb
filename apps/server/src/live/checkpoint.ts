import { MEDIA_ENDINGS, type MediaEnding, type StoredTurn } from '@earshot/calls';
import type { AgentMemory, PromptTurn } from '@earshot/conversation';
import { z } from 'zod';
import { RecordMark } from './call-scribe.ts';

/** Some of it is dropped, oldest first, rather than all of it: session stores take 256 kB. */
const MOST_CHARACTERS = 120_000;

const turn = z.union([
  z.object({ speaker: z.literal('caller'), text: z.string() }),
  z.object({ speaker: z.literal('agent'), text: z.string(), interrupted: z.boolean() }),
  z.looseObject({
    speaker: z.literal('tool'),
    call: z.object({
      id: z.string(),
      name: z.string(),
      arguments: z.record(z.string(), z.unknown()),
    }),
    result: z.union([z.object({ error: z.string() }), z.object({ output: z.unknown() })]),
  }),
]);

const expectation = z.object({
  topic: z.string(),
  grammar: z.string().exactOptional(),
  patient: z.boolean().exactOptional(),
});

/** What is kept of a live call in its session. JSON. */
export const Checkpoint = z.object({
  version: z.literal(1),
  mark: RecordMark,
  /** How the stream has ended; null: it had not. */
  ending: z.enum(MEDIA_ENDINGS).nullable(),
  agent: z.object({
    turns: z.array(turn),
    memory: z.unknown(),
    expectation,
    elapsedMs: z.number().nonnegative(),
    toSay: z.array(z.string()),
    saying: z.string().default(''),
    noticeHeard: z.boolean().default(false),
  }),
});
export type Checkpoint = z.infer<typeof Checkpoint>;
type Remembered = Checkpoint['agent'];

/** A checkpoint of this moment, small enough for every store. */
export function checkpointOf(
  mark: RecordMark,
  memory: AgentMemory,
  ending: MediaEnding | null = null,
): Checkpoint {
  const { turns, toSay } = memory;
  const agent = { ...memory, turns: newest(turns), toSay: [...toSay] };
  return { version: 1, mark, ending, agent };
}

/** What an agent would remember of a transcript. */
export function memoryOfTurns(
  turns: readonly StoredTurn[],
  { elapsedMs, noticeHeard }: Pick<AgentMemory, 'elapsedMs' | 'noticeHeard'>,
): Remembered {
  const remembered = turns.flatMap(({ speaker, text, interrupted }): Remembered['turns'] => {
    if (speaker === 'caller') return [{ speaker, text }];
    return speaker === 'agent' ? [{ speaker, text, interrupted }] : [];
  });
  return {
    turns: remembered,
    memory: null,
    expectation: { topic: 'anything' },
    elapsedMs: Math.max(0, elapsedMs),
    toSay: [],
    saying: '',
    noticeHeard,
  };
}

function newest(turns: readonly PromptTurn[]): PromptTurn[] {
  let characters = 0;
  const first = turns.findLastIndex((one) => {
    characters += JSON.stringify(one).length;
    return characters > MOST_CHARACTERS;
  });
  return turns.slice(first + 1);
}
