import { PHASES, STATUSES } from '@earshot/calls';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgEnum,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import { document, moment, words } from './columns.ts';

/*
 * Row level security is on everywhere and no policy lets anybody in: tables of `public` without it
 * are open to holders of Supabase's anon key. The owner, who we are, is not bound by it.
 */

export const direction = pgEnum('call_direction', ['inbound', 'outbound']);
/** In the order of a call's life: PostgreSQL compares them by it. */
export const phase = pgEnum('call_phase', PHASES);
export const status = pgEnum('call_status', STATUSES);

export const calls = pgTable(
  'calls',
  {
    id: words('id').primaryKey(),
    direction: direction('direction').notNull(),
    /** The other party's. */
    phoneNumber: words('phone_number').notNull(),
    ownNumber: words('own_number').notNull(),
    receptionistId: words('receptionist_id'),
    greeting: words('greeting'),
    systemPrompt: words('system_prompt'),
    maxDurationMs: bigint('max_duration_ms', { mode: 'number' }).notNull(),
    ringTimeoutMs: bigint('ring_timeout_ms', { mode: 'number' }).notNull(),
    machineDetection: text('machine_detection', {
      enum: ['off', 'report', 'hang-up'],
    }).notNull(),
    record: boolean('record').notNull(),
    vadConfig: document('vad_config'),
    metadata: document('meta_data').notNull(),
    agent: words('agent'),
    /** The process that hosts its life; null: nobody has said. */
    host: words('host'),
    phase: phase('phase').notNull(),
    status: status('status').notNull(),
    callSid: words('call_sid').unique(),
    startedAt: moment('started_at').notNull(),
    dialledAt: moment('dialled_at'),
    ringingAt: moment('ringing_at'),
    answeredAt: moment('answered_at'),
    answeredBy: text('answered_by', { enum: ['human', 'machine', 'fax', 'unknown'] }),
    endedAt: moment('ended_at'),
    /** From the answer to the end; 0 when nobody answered; null while it lives. */
    durationSeconds: integer('duration_seconds'),
    blame: text('outcome_blame', { enum: ['nobody', 'callee', 'carrier', 'agent', 'us'] }),
    reason: text('outcome_reason'),
  },
  (t) => [
    index('calls_started_at').on(t.startedAt, t.id),
    index('calls_phone_number').on(t.phoneNumber, t.startedAt),
    index('calls_receptionist').on(t.receptionistId, t.startedAt),
    index('calls_open').on(t.startedAt).where(sql`${t.phase} <> 'ended'`),
    check('calls_ended', sql`(${t.phase} = 'ended') = (${t.reason} is not null)`),
  ],
).enableRLS();

/** Processes that host calls' lives. Who has left has no row. */
export const hosts = pgTable('hosts', {
  id: words('id').primaryKey(),
  /** Later than this, without another sign of life, it is gone. */
  seenUntil: moment('seen_until').notNull(),
}).enableRLS();

/** No foreign key: what was said in a call may be written before the call itself is. */
const callId = () => words('call_id').notNull();

export const transcripts = pgTable(
  'transcripts',
  {
    callId: callId(),
    index: integer('turn_index').notNull(),
    speaker: text('speaker', { enum: ['caller', 'agent', 'system'] }).notNull(),
    text: words('text').notNull(),
    /** When the turn began. */
    timestamp: moment('timestamp').notNull(),
    endedAt: moment('ended_at').notNull(),
    heardMs: doublePrecision('heard_ms'),
    interrupted: boolean('interrupted').notNull(),
    confidence: doublePrecision('confidence'),
  },
  (t) => [primaryKey({ columns: [t.callId, t.index] })],
).enableRLS();

export const callEvents = pgTable(
  'call_events',
  {
    callId: callId(),
    serial: integer('serial').notNull(),
    type: words('event_type').notNull(),
    data: document('event_data').notNull(),
    timestamp: moment('timestamp').notNull(),
  },
  (t) => [primaryKey({ columns: [t.callId, t.serial] })],
).enableRLS();

export const callMetrics = pgTable('call_metrics', {
  callId: callId().primaryKey(),
  createdAt: moment('created_at').notNull().default(sql`now()`),
  updatedAt: moment('updated_at').notNull().default(sql`now()`),
  timeToAnswerMs: doublePrecision('time_to_answer_ms'),
  timeToWebsocketMs: doublePrecision('time_to_websocket_ms'),
  timeToStreamingMs: doublePrecision('time_to_streaming_ms'),
  timeToFirstAudioMs: doublePrecision('time_to_first_audio_ms'),
  timeToFirstAiResponseMs: doublePrecision('time_to_first_ai_response_ms'),
  avgAiResponseTimeMs: doublePrecision('avg_ai_response_time_ms'),
  maxAiResponseTimeMs: doublePrecision('max_ai_response_time_ms'),
  websocketDurationMs: doublePrecision('websocket_duration_ms').notNull(),
  websocketReconnectCount: integer('websocket_reconnect_count').notNull(),
  totalAudioFramesSent: integer('total_audio_frames_sent').notNull(),
  totalAudioFramesReceived: integer('total_audio_frames_received').notNull(),
  totalAudioFramesDropped: integer('total_audio_frames_dropped').notNull(),
  audioDropRatePercent: doublePrecision('audio_drop_rate_percent').notNull(),
  maxAudioQueueDepth: doublePrecision('max_audio_queue_depth').notNull(),
  avgAudioQueueDepth: doublePrecision('avg_audio_queue_depth').notNull(),
  vadTriggerCount: integer('vad_trigger_count').notNull(),
  speechStartCount: integer('speech_start_count').notNull(),
  speechEndCount: integer('speech_end_count').notNull(),
  interruptionCount: integer('interruption_count').notNull(),
  aiTurnCount: integer('ai_turn_count').notNull(),
  userTurnCount: integer('user_turn_count').notNull(),
  networkErrorCount: integer('network_error_count').notNull(),
  agentConnectionErrors: integer('agent_connection_errors').notNull(),
  agentSessionDurationMs: doublePrecision('agent_session_duration_ms'),
  agentModelVersion: words('agent_model_version'),
  disconnectionReason: words('disconnection_reason'),
  errorMessages: document('error_messages').notNull(),
  carrierStreamId: words('twilio_stream_sid'),
}).enableRLS();

export const messages = pgTable(
  'messages',
  {
    callId: callId(),
    index: integer('message_index').notNull(),
    name: words('name').notNull(),
    phoneNumber: words('phone_number').notNull(),
    text: words('text').notNull(),
    takenAt: moment('taken_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.callId, t.index] })],
).enableRLS();

export const apiKeys = pgTable('api_keys', {
  id: words('id').primaryKey(),
  name: words('name').notNull(),
  /** SHA-256 of the secret, hex; the secret itself is nowhere. */
  keyHash: words('key_hash').notNull().unique(),
  scopes: text('scopes').array().notNull(),
  createdAt: moment('created_at').notNull(),
  revokedAt: moment('revoked_at'),
  lastUsedAt: moment('last_used_at'),
}).enableRLS();

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    owner: words('owner').notNull(),
    key: words('key').notNull(),
    fingerprint: words('fingerprint').notNull(),
    callId: words('call_id').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.owner, t.key] }),
    index('idempotency_keys_created_at').on(t.createdAt),
  ],
).enableRLS();

export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: words('id').primaryKey(),
    url: words('url').notNull(),
    event: words('event').notNull(),
    /** Emptied once it is delivered or given up: it may hold what callers said. */
    body: words('body').notNull(),
    attempts: integer('attempts').notNull(),
    /** Null: delivered or given up. */
    nextAttemptAt: moment('next_attempt_at'),
    /** One instance tries it; nobody else may before this. */
    leasedUntil: moment('leased_until'),
    createdAt: moment('created_at').notNull(),
    deliveredAt: moment('delivered_at'),
  },
  (t) => [
    index('webhook_deliveries_due').on(t.nextAttemptAt).where(sql`${t.nextAttemptAt} is not null`),
  ],
).enableRLS();
