import { type Call, messageJson, type StoredEvent } from '@earshot/calls';
import { z } from 'zod';
import type { Services } from '../services.ts';
import type { ApiApp } from './api-app.ts';
import { MessageView, TurnView, turnView } from './call-view.ts';
import { CallParams, findCall } from './find-call.ts';
import { problems } from './problem.ts';

const ToolView = z
  .object({ name: z.string(), arguments: z.unknown(), result: z.unknown() })
  .meta({ id: 'ToolCall' });

const TranscriptView = z
  .object({
    call_id: z.string(),
    turns: z.array(TurnView),
    messages: z.array(MessageView),
    tools: z.array(ToolView),
  })
  .meta({ id: 'Transcript' });

/** The last words of a call are on their way into its record for so long, where that is in reach. */
const FRESH_MS = 5_000;
const PATIENCE_MS = 500;

/** What was said in a call, as it was heard, and what came of it. */
export function transcriptRoute(app: ApiApp, { access, store, records }: Services): void {
  const schema = {
    tags: ['calls'],
    summary: 'Tells what was heard in a call so far',
    params: CallParams,
    response: { 200: TranscriptView, ...problems(401, 403, 404, 422, 429, 503) },
  };
  const options = { schema, onRequest: access.needs('calls:read') };
  app.get('/calls/:id/transcript', options, async ({ params }) => {
    const call = await findCall(store, params.id);
    if (isFresh(call)) await atMost(PATIENCE_MS, records.settled());
    const [turns, messages, events] = await Promise.all([
      store.turns(call.id),
      store.messages(call.id),
      store.events(call.id, 0),
    ]);
    const spoken = spokenTurns(events);
    return {
      call_id: call.id,
      turns: turns.map((turn) => turnView(turn, spoken.get(turn.index))),
      messages: messages.map(messageJson),
      tools: events.flatMap(toolOf),
    };
  });
}

const Spoken = z.object({
  turn: z.object({ index: z.int(), said: z.string(), startMs: z.number(), endMs: z.number() }),
});

/** What the history tells of each turn beyond its record, by index. */
function spokenTurns(events: readonly StoredEvent[]) {
  const spoken = events.flatMap(({ type, data }) => {
    const parsed = type === 'turn' ? Spoken.safeParse(data) : null;
    return parsed?.success ? parsed.data.turn : [];
  });
  return new Map(spoken.map((turn) => [turn.index, turn]));
}

const Called = z.object({
  call: z.object({ name: z.string(), arguments: z.unknown() }),
  result: z.unknown(),
});

function toolOf({ type, data }: StoredEvent): z.infer<typeof ToolView>[] {
  const parsed = type === 'tool-called' ? Called.safeParse(data) : null;
  if (!parsed?.success) return [];
  const { call, result } = parsed.data;
  return [{ name: call.name, arguments: call.arguments, result }];
}

function isFresh({ endedAtMs, phase }: Call): boolean {
  return phase === 'answered' || (endedAtMs !== null && Date.now() - endedAtMs < FRESH_MS);
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, late]);
  clearTimeout(timer);
}
