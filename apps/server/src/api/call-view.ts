import {
  type Call,
  type CallMetrics,
  type CallPlan,
  type StoredMessage,
  type StoredTurn,
  statusOf,
} from '@earshot/calls';
import { z } from 'zod';
import { MACHINE_DETECTION } from './call-order.ts';

const moment = z.iso.datetime().nullable();
const json = z.record(z.string(), z.unknown());

const Status = z.enum([
  'initiated',
  'ringing',
  'in_progress',
  'completed',
  'failed',
  'no_answer',
  'busy',
  'canceled',
]);

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
export const CallView = z
  .object({
    ...CallStarted.shape,
    direction: z.enum(['inbound', 'outbound']),
    from: z.string(),
    to: z.string(),
    phase: z.enum(['queued', 'ringing', 'answered', 'ended']),
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

export function callView(call: Call): z.infer<typeof CallView> {
  const { id, direction, to, from } = call;
  return {
    ...startedView({ id, to: direction === 'outbound' ? to : from }, call),
    direction,
    from,
    to,
    phase: call.phase,
    outcome: call.outcome && { blame: call.outcome.blame, reason: call.outcome.reason },
    call_sid: call.carrierCallId,
    created_at: iso(call.createdAtMs),
    ringing_at: isoOrNull(call.ringingAtMs),
    started_at: isoOrNull(call.answeredAtMs),
    answered_by: call.answeredBy,
    ended_at: isoOrNull(call.endedAtMs),
    duration_seconds: secondsBetween(call.answeredAtMs, call.endedAtMs),
    metadata: { ...call.metadata },
    call_config: configView(call),
  };
}

function configView(plan: CallPlan): z.infer<typeof CallView>['call_config'] {
  return {
    call_id: plan.id,
    greeting: plan.greeting,
    system_prompt: plan.systemPrompt,
    vad_config: plan.vadConfig && { ...plan.vadConfig },
    max_duration_seconds: plan.maxDurationMs / 1_000,
    ring_timeout_seconds: plan.ringTimeoutMs / 1_000,
    receptionist_id: plan.receptionistId,
    agent: plan.agent,
    machine_detection: MACHINE_DETECTION[plan.machineDetection],
    record: plan.record,
  };
}

/** Names with underscores, as all of the API has them. */
export function metricsView(metrics: CallMetrics | null): Record<string, unknown> | null {
  if (!metrics) return null;
  const spelled = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [spelled(name), value]));
}

export const TurnView = z
  .object({
    index: z.int(),
    speaker: z.enum(['caller', 'agent', 'system']),
    text: z.string().meta({ description: 'What was heard' }),
    started_at: z.iso.datetime(),
    ended_at: z.iso.datetime(),
    heard_ms: z.number().nullable(),
    interrupted: z.boolean(),
    confidence: z.number().nullable(),
  })
  .meta({ id: 'Turn' });

export const MessageView = z
  .object({ name: z.string(), number: z.string(), message: z.string(), taken_at: z.iso.datetime() })
  .meta({ id: 'Message' });

export function turnView(turn: StoredTurn): z.infer<typeof TurnView> {
  return {
    index: turn.index,
    speaker: turn.speaker,
    text: turn.text,
    started_at: iso(turn.startedAtMs),
    ended_at: iso(turn.endedAtMs),
    heard_ms: turn.heardMs,
    interrupted: turn.interrupted,
    confidence: turn.confidence,
  };
}

export function messageView(message: StoredMessage): z.infer<typeof MessageView> {
  const { name, number, text, takenAtMs } = message;
  return { name, number, message: text, taken_at: iso(takenAtMs) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}

function secondsBetween(startMs: number | null, endMs: number | null): number | null {
  return startMs === null || endMs === null ? null : Math.max(0, endMs - startMs) / 1_000;
}
