import type { CallPlan } from '../call.ts';
import type { CallMetrics } from '../call-metrics.ts';
import type { StoredEvent, StoredMessage, StoredTurn } from '../call-store.ts';

/** A plan of a call that nobody else has. */
export function planOf(plan: Partial<CallPlan> = {}): CallPlan {
  return {
    id: `call-${crypto.randomUUID()}`,
    direction: 'outbound',
    to: '+12025550143',
    from: '+12025550100',
    receptionistId: null,
    greeting: null,
    systemPrompt: null,
    maxDurationMs: 1_800_000,
    ringTimeoutMs: 45_000,
    machineDetection: 'off',
    record: false,
    vadConfig: null,
    metadata: {},
    agent: null,
    ...plan,
  };
}

export function turnOf(index: number, turn: Partial<StoredTurn> = {}): StoredTurn {
  return {
    index,
    speaker: 'caller',
    text: `turn ${index}`,
    startedAtMs: 1_800_000_000_000 + index * 1000,
    endedAtMs: 1_800_000_000_900 + index * 1000,
    heardMs: null,
    interrupted: false,
    confidence: null,
    ...turn,
  };
}

export function eventOf(serial: number, event: Partial<StoredEvent> = {}): StoredEvent {
  return { serial, type: 'turn-ended', atMs: 1_800_000_000_000 + serial, data: {}, ...event };
}

export function messageOf(index: number, message: Partial<StoredMessage> = {}): StoredMessage {
  return {
    index,
    name: 'Ana',
    number: '+12025550143',
    text: 'Please call back',
    takenAtMs: 1_800_000_000_000,
    ...message,
  };
}

export function metricsOf(metrics: Partial<CallMetrics> = {}): CallMetrics {
  return {
    timeToAnswerMs: 4200,
    timeToWebsocketMs: 4350,
    timeToStreamingMs: 4360,
    timeToFirstAudioMs: 4400,
    timeToFirstAiResponseMs: 90,
    avgAiResponseTimeMs: 612.5,
    maxAiResponseTimeMs: 1100,
    websocketDurationMs: 61_000,
    websocketReconnectCount: 1,
    totalAudioFramesSent: 2900,
    totalAudioFramesReceived: 3050,
    totalAudioFramesDropped: 2,
    audioDropRatePercent: 0.0656,
    maxAudioQueueDepth: 12,
    avgAudioQueueDepth: 1.25,
    vadTriggerCount: 20,
    speechStartCount: 11,
    speechEndCount: 11,
    interruptionCount: 2,
    aiTurnCount: 9,
    userTurnCount: 8,
    networkErrorCount: 1,
    agentConnectionErrors: 0,
    agentSessionDurationMs: 60_500,
    agentModelVersion: 'cascade-1',
    disconnectionReason: 'caller-hung-up',
    errorMessages: ['line lost once', 'späte Antwort'],
    carrierStreamId: 'MZ0123456789abcdef0123456789abcdef',
    ...metrics,
  };
}

/** Figures of a call that never came to anything. */
export const NO_METRICS: CallMetrics = metricsOf({
  timeToAnswerMs: null,
  timeToWebsocketMs: null,
  timeToStreamingMs: null,
  timeToFirstAudioMs: null,
  timeToFirstAiResponseMs: null,
  avgAiResponseTimeMs: null,
  maxAiResponseTimeMs: null,
  agentSessionDurationMs: null,
  agentModelVersion: null,
  disconnectionReason: null,
  errorMessages: [],
  carrierStreamId: null,
});

/** Texts that stores have been known to lose or to refuse. */
export const ODD_TEXTS: readonly string[] = [
  '',
  ' ',
  'Grüße, 日本語, العربية, 👩‍👩‍👧‍👦, e\u0301',
  `'; DROP TABLE calls; -- "\\" \\n %s $1 ? {} {{1}} \\u0000`,
  'line one\nline two\r\n\ttab \u0001\u001f\u007f\u2028\u2029\ufeff',
  'a\u0000b\u0000',
  'half of a pair: \ud83d, and the other: \ude00',
  'null',
  'long '.repeat(50_000),
];
