import { type LiveEvent, MemoryCallStore } from '@earshot/calls';
import type { ConversationEvent, Turn } from '@earshot/conversation';
import { expect, test } from 'vitest';
import { CallScribe, noMark } from './call-scribe.ts';
import { metricsOf } from './figures.ts';
import { LineFigures } from './line-figures.ts';
import type { RecordEntry } from './records.ts';

const turn = (speaker: Turn['speaker'], heard: string, startMs: number, endMs: number): Turn => ({
  speaker,
  said: `${heard} and more`,
  heard,
  startMs,
  endMs,
  interrupted: speaker === 'agent',
});

const timed = (pauseMs: number): ConversationEvent => ({
  type: 'reply-timed',
  timing: { pauseMs, recognizerMs: 0, recognizerQueuedMs: 0, languageModelMs: 0, synthesizerMs: 0 },
});

function scribeAt(nowMs: () => number) {
  const kept: RecordEntry[] = [];
  const told: LiveEvent[] = [];
  const scribe = new CallScribe({
    callId: 'call-1',
    mark: noMark(),
    records: { keep: (entry) => kept.push(entry) },
    live: { tell: (event) => told.push(event) },
    now: nowMs,
  });
  return { scribe, kept, told };
}

test('turns are written down as they were heard, in time since 1970', () => {
  const { scribe, kept } = scribeAt(() => 5_000);
  scribe.begin(1, 'MZ1');
  scribe.observe({ type: 'turn', turn: turn('agent', 'Good', 100, 340.4) });
  scribe.observe({ type: 'turn', turn: { ...turn('caller', 'Hi', 900, 1_200), confidence: 0.7 } });
  expect(kept.flatMap((entry) => ('turn' in entry ? entry.turn : []))).toEqual([
    {
      index: 0,
      speaker: 'agent',
      text: 'Good',
      startedAtMs: 5_100,
      endedAtMs: 5_340,
      heardMs: 240,
      interrupted: true,
      confidence: null,
    },
    {
      index: 1,
      speaker: 'caller',
      text: 'Hi',
      startedAtMs: 5_900,
      endedAtMs: 6_200,
      heardMs: null,
      interrupted: false,
      confidence: 0.7,
    },
  ]);
});

test('words that may still change are told and not kept', () => {
  const { scribe, kept, told } = scribeAt(() => 5_000);
  scribe.begin(1, null);
  scribe.observe({ type: 'partial', text: 'hel', atMs: 100 });
  scribe.observe({ type: 'voice', what: 'detected' });
  expect(told.map(({ type, serial }) => [type, serial])).toEqual([
    ['stream-started', 1],
    ['partial', 0],
  ]);
  expect(kept).toHaveLength(1);
});

test('every figure of a call is really filled', () => {
  let nowMs = 10_000;
  const { scribe, kept } = scribeAt(() => nowMs);
  scribe.figures.websocketAtMs = 10_000;
  scribe.figures.agentModel = 'script';
  scribe.figures.agentMs = 59_000;
  scribe.figures.droppedMs = 40;
  scribe.begin(1, 'MZ1');
  const line = new LineFigures(scribe.figures, () => nowMs);
  nowMs = 10_100;
  line.played({ samples: new Int16Array(800), sampleRate: 8_000 });
  nowMs = 10_200;
  line.heard(60);
  line.caller({ samples: new Int16Array(15_680), sampleRate: 8_000 });
  line.cleared(60);
  for (const what of ['detected', 'detected', 'detected', 'started', 'started', 'ended'] as const)
    scribe.observe({ type: 'voice', what });
  scribe.observe(timed(0));
  scribe.observe({ type: 'turn', turn: turn('agent', 'Hi', 0, 60) });
  scribe.observe({ type: 'barge-in', atMs: 0 });
  for (const pauseMs of [300, 501]) {
    scribe.observe({ type: 'turn', turn: turn('caller', 'Hm', 100, 200) });
    scribe.observe(timed(pauseMs));
    scribe.observe(timed(9_000));
  }
  scribe.observe({ type: 'speech-failed', error: new Error('secret words') });
  nowMs = 70_000;
  scribe.end('line-lost');
  scribe.begin(2, 'MZ2');
  scribe.end('caller-hung-up');
  const figures = kept.flatMap((entry) => ('figures' in entry ? entry.figures : [])).at(-1);
  if (!figures) throw new Error('no figures');
  expect(metricsOf(figures, { createdAtMs: 4_000, answeredAtMs: 9_000 })).toEqual({
    timeToAnswerMs: 5_000,
    timeToWebsocketMs: 6_000,
    timeToStreamingMs: 6_000,
    timeToFirstAudioMs: 6_100,
    timeToFirstAiResponseMs: 1_140,
    avgAiResponseTimeMs: 401,
    maxAiResponseTimeMs: 501,
    websocketDurationMs: 60_000,
    websocketReconnectCount: 1,
    totalAudioFramesSent: 3,
    totalAudioFramesReceived: 98,
    totalAudioFramesDropped: 2,
    audioDropRatePercent: 2,
    maxAudioQueueDepth: 5,
    avgAudioQueueDepth: 3.5,
    vadTriggerCount: 3,
    speechStartCount: 2,
    speechEndCount: 1,
    interruptionCount: 1,
    aiTurnCount: 1,
    userTurnCount: 2,
    networkErrorCount: 1,
    agentConnectionErrors: 1,
    agentSessionDurationMs: 59_000,
    agentModelVersion: 'script',
    disconnectionReason: 'caller-hung-up',
    errorMessages: ['speech-failed', 'line-lost'],
    carrierStreamId: 'MZ2',
  });
  expect(metricsOf(figures, null)).toMatchObject({ timeToAnswerMs: null, aiTurnCount: 1 });
});

test('messages and events are bounded, and goes on where another instance has stopped', async () => {
  const first = scribeAt(() => 1);
  first.scribe.begin(1, null);
  const message = { name: 'Jane', number: '1', message: 'Call me' };
  const taken = Array.from({ length: 60 }, () => first.scribe.keep(message));
  expect(taken.filter(Boolean)).toHaveLength(50);
  for (let i = 0; i < 6_000; i++) first.scribe.observe({ type: 'barge-in', atMs: i });
  const serials = first.told.map(({ serial }) => serial);
  expect(Math.max(...serials)).toBe(5_000);
  expect(serials.at(-1)).toBe(0);
  const mark = JSON.parse(JSON.stringify({ ...first.scribe.mark, events: 7, turns: 3 }));
  const store = new MemoryCallStore();
  const next = new CallScribe({
    callId: 'call-1',
    mark,
    records: {
      keep: (entry) => void ('turn' in entry && store.addTurns('call-1', [entry.turn])),
    },
    live: { tell: ({ serial }) => expect(serial).toBeGreaterThan(7) },
    now: () => 1,
  });
  next.begin(2, null);
  next.observe({ type: 'turn', turn: turn('agent', 'Back', 0, 10) });
  expect(await store.turns('call-1')).toMatchObject([{ index: 3, text: 'Back' }]);
});
