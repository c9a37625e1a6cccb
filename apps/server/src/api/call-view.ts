import {
  type Call,
  type CallMetrics,
  type CallPlan,
  isoTime,
  PHASES,
  STATUSES,
  type StoredTurn,
  statusOf,
} from '@earshot/calls';
import { z } from 'zod';
import { snakeCase } from './snake-case.ts';

const moment = z.iso.datetime().nullable();
const json = z.record(z.string(), z.unknown());

export const Status = z.enum(STATUSES);

/** The answer to `POST /calls`. */
export const CallStarted = z
  .object({
    call_id: z.string(),
    workflow_id: z.string(),
    run_id: z.string(),
    phone_number: z.string(),
    status: Status,
  })
  .meta({ id: 'CallStarted' });

/** A call as the API tells of it. */
const CallView = z
  .object({
    ...CallStarted.shape,
    direction: z.enum(['inbound', 'outbound']),
    from: z.string(),
    to: z.string(),
    phase: z.enum(PHASES),
    outcome: z.object({ blame: z.string(), reason: z.string() }).nullable(),
    call_sid: z.string().nullable(),
    created_at: z.iso.datetime(),
    ringing_at: moment,
    started_at: moment.meta({ description: 'When it was answered' }),
    answered_by: z.enum(['human', 'machine', 'fax', 'unknown']).nullable(),
    ended_at: moment,
    duration_seconds: z.number().nullable().meta({ description: 'From the answer to the end' }),
    metadata: json,
    call_config: z.object({
      call_id: z.string(),
      greeting: z.string().nullable(),
      system_prompt: z.string().nullable(),
      vad_config: json.nullable(),
      max_duration_seconds: z.number(),
      ring_timeout_seconds: z.number(),
      receptionist_id: z.string().nullable(),
      agent: z.string().nullable(),
      machine_detection: z.enum(['off', 'report', 'hang_up']),
      record: z.boolean(),
    }),
  })
  .meta({ id: 'Call' });

export const CallWithTranscriptCount = CallView.extend({ transcript_count: z.int() }).meta({
  id: 'CallWithTranscriptCount',
});

export const CallPageView = z
  .object({ calls: z.array(CallView), next_cursor: z.string().nullable() })
  .meta({ id: 'CallPage' });

export const CallResult = CallView.extend({
  total_transcript_segments: z.int(),
  metrics: json.nullable(),
}).meta({ id: 'CallResult' });

type Started = z.infer<typeof CallStarted>;

export function startedView({ id, to }: Pick<CallPlan, 'id' | 'to'>, call: Call | null): Started {
  const status = call ? statusOf(call) : 'initiated';
  return { call_id: id, workflow_id: id, run_id: id, phone_number: to, status };
}

export function metricsView(metrics: CallMetrics | null): Readonly<Record<string, unknown>> | null {
  return metrics && snakeCase({ ...metrics });
}

export const TurnView = z
  .object({
    index: z.int(),
    speaker: z.enum(['caller', 'agent', 'system']),
    text: z.string().meta({ description: 'What was heard' }),
    said: z.string().meta({ description: 'Of the agent: what it meant to say' }),
    started_at: z.iso.datetime(),
    ended_at: z.iso.datetime(),
    start_ms: z.int().nullable().meta({ description: 'Since its stream began' }),
    end_ms: z.int().nullable(),
    heard_ms: z.number().nullable(),
    interrupted: z.boolean(),
    confidence: z.number().nullable(),
  })
  .meta({ id: 'Turn' });

export const MessageView = z
  .object({ name: z.string(), number: z.string(), message: z.string(), taken_at: z.iso.datetime() })
  .meta({ id: 'Message' });

/** What the call's history tells of a turn beyond its record. */
export interface SpokenTurn {
  readonly said: string;
  readonly startMs: number;
  readonly endMs: number;
}

export function turnView(turn: StoredTurn, spoken?: SpokenTurn): z.infer<typeof TurnView> {
  return {
    index: turn.index,
    speaker: turn.speaker,
    text: turn.text,
    said: spoken?.said ?? turn.text,
    started_at: isoTime(turn.startedAtMs),
    ended_at: isoTime(turn.endedAtMs),
    start_ms: spoken ? Math.round(spoken.startMs) : null,
    end_ms: spoken ? Math.round(spoken.endMs) : null,
    heard_ms: turn.heardMs,
    interrupted: turn.interrupted,
    confidence: turn.confidence,
  };
}
