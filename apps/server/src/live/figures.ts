import type { Call, CallMetrics } from '@earshot/calls';
import { z } from 'zod';

const count = z.number().default(0);
const moment = z.number().nullable().default(null);

/** What is counted of a call over all its streams. JSON, so that another instance can count on. */
export const Figures = z.object({
  websocketAtMs: moment,
  streamingAtMs: moment,
  /** The first sound of the agent given to the line, and heard by the caller. */
  firstAudioAtMs: moment,
  firstHeardAtMs: moment,
  responses: count,
  responseMs: count,
  longestResponseMs: moment,
  websocketMs: count,
  streams: count,
  sentMs: count,
  receivedMs: count,
  droppedMs: count,
  deepestQueueMs: count,
  queueMs: count,
  queueSamples: count,
  vadTriggers: count,
  speechStarts: count,
  speechEnds: count,
  interruptions: count,
  agentTurns: count,
  callerTurns: count,
  networkErrors: count,
  agentErrors: count,
  agentMs: count,
  agentModel: z.string().nullable().default(null),
  ending: z.string().nullable().default(null),
  errors: z.array(z.string()).default([]),
  carrierStreamId: z.string().nullable().default(null),
});
export type Figures = z.infer<typeof Figures>;

const FRAME_MS = 20;
/** More messages of one call than anybody reads. */
const MOST_ERRORS = 20;

export function noFigures(): Figures {
  return Figures.parse({});
}

/** Keeps an error's static name. */
export function addError(figures: Figures, message: string): void {
  if (figures.errors.length < MOST_ERRORS) figures.errors.push(message);
}

/** The figures as they are kept, with the moments of the call's row where that is known. */
export function metricsOf(
  figures: Figures,
  call: Pick<Call, 'createdAtMs' | 'answeredAtMs'> | null,
): CallMetrics {
  const { createdAtMs = null, answeredAtMs = null } = call ?? {};
  const { responses, queueSamples, receivedMs, droppedMs } = figures;
  return {
    timeToAnswerMs: between(createdAtMs, answeredAtMs),
    timeToWebsocketMs: between(createdAtMs, figures.websocketAtMs),
    timeToStreamingMs: between(createdAtMs, figures.streamingAtMs),
    timeToFirstAudioMs: between(createdAtMs, figures.firstAudioAtMs),
    timeToFirstAiResponseMs: between(answeredAtMs, figures.firstHeardAtMs),
    avgAiResponseTimeMs: responses === 0 ? null : Math.round(figures.responseMs / responses),
    maxAiResponseTimeMs: figures.longestResponseMs,
    websocketDurationMs: Math.round(figures.websocketMs),
    websocketReconnectCount: Math.max(0, figures.streams - 1),
    totalAudioFramesSent: frames(figures.sentMs),
    totalAudioFramesReceived: frames(receivedMs),
    totalAudioFramesDropped: frames(droppedMs),
    audioDropRatePercent: percent(droppedMs, receivedMs + droppedMs),
    maxAudioQueueDepth: frames(figures.deepestQueueMs),
    avgAudioQueueDepth: queueSamples === 0 ? 0 : tenth(figures.queueMs / queueSamples / FRAME_MS),
    vadTriggerCount: figures.vadTriggers,
    speechStartCount: figures.speechStarts,
    speechEndCount: figures.speechEnds,
    interruptionCount: figures.interruptions,
    aiTurnCount: figures.agentTurns,
    userTurnCount: figures.callerTurns,
    networkErrorCount: figures.networkErrors,
    agentConnectionErrors: figures.agentErrors,
    agentSessionDurationMs: figures.streams === 0 ? null : Math.round(figures.agentMs),
    agentModelVersion: figures.agentModel,
    disconnectionReason: figures.ending,
    errorMessages: [...figures.errors],
    carrierStreamId: figures.carrierStreamId,
  };
}

/** Clocks of two machines may differ a little: nothing takes less than no time. */
function between(fromMs: number | null, toMs: number | null): number | null {
  return fromMs === null || toMs === null ? null : Math.max(0, Math.round(toMs - fromMs));
}

function frames(ms: number): number {
  return Math.round(ms / FRAME_MS);
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
