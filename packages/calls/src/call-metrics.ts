/** Figures of one call, written when its audio ends. Milliseconds; null: it never came to that. */
export interface CallMetrics {
  /** Since the call was ordered (outbound) or rang (inbound). */
  readonly timeToAnswerMs: number | null;
  readonly timeToWebsocketMs: number | null;
  readonly timeToStreamingMs: number | null;
  readonly timeToFirstAudioMs: number | null;
  /** From the answer to the first sound of the agent. */
  readonly timeToFirstAiResponseMs: number | null;
  /** From the caller's last voice to the first sound of the reply, over all replies. */
  readonly avgAiResponseTimeMs: number | null;
  readonly maxAiResponseTimeMs: number | null;
  readonly websocketDurationMs: number;
  readonly websocketReconnectCount: number;
  /** 20 ms frames. */
  readonly totalAudioFramesSent: number;
  readonly totalAudioFramesReceived: number;
  readonly totalAudioFramesDropped: number;
  readonly audioDropRatePercent: number;
  readonly maxAudioQueueDepth: number;
  readonly avgAudioQueueDepth: number;
  readonly vadTriggerCount: number;
  readonly speechStartCount: number;
  readonly speechEndCount: number;
  readonly interruptionCount: number;
  readonly aiTurnCount: number;
  readonly userTurnCount: number;
  readonly networkErrorCount: number;
  readonly agentConnectionErrors: number;
  readonly agentSessionDurationMs: number | null;
  readonly agentModelVersion: string | null;
  readonly disconnectionReason: string | null;
  readonly errorMessages: readonly string[];
  readonly carrierStreamId: string | null;
}
