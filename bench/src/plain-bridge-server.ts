import alawmulaw from 'alawmulaw';
import type { WebSocket } from 'ws';
import { serveCalls } from './call-server.ts';
import { VOICE, VOICE_RATE } from './model-voice.ts';
import { PLAIN_FILTER_MS, PlainFilter } from './plain-filter.ts';

const { mulaw } = alawmulaw;
const FRAME_MS = 20;
const FRAME_SAMPLES = (VOICE_RATE * FRAME_MS) / 1000;
/** What the filter holds back. */
const LEAD_SAMPLES = (VOICE_RATE * PLAIN_FILTER_MS) / 1000;
const FRAME_CODES = (8000 * FRAME_MS) / 1000;

interface TwilioMessage {
  readonly event: string;
  readonly streamSid?: string;
  readonly media?: { readonly payload: string };
}

/** The bridge as most are written: all messages through JSON, one timer a call, filters in TypeScript. */
await serveCalls(async (socket: WebSocket) => {
  const [up, down] = [new PlainFilter(8000, 16_000), new PlainFilter(VOICE_RATE, 8000)];
  let streamSid = '';
  let voiceAt = 0;
  let waiting: number[] = [];

  const answer = (length: number): void => {
    if (voiceAt + length > VOICE.length) voiceAt = 0;
    waiting.push(...mulaw.encode(down.process(VOICE.subarray(voiceAt, voiceAt + length))));
    voiceAt += length;
  };
  answer(LEAD_SAMPLES);

  socket.on('message', (data) => {
    const message: TwilioMessage = JSON.parse(data.toString());
    streamSid = message.streamSid ?? streamSid;
    if (!message.media) return;
    const samples = mulaw.decode(Buffer.from(message.media.payload, 'base64'));
    const { buffer, byteOffset, byteLength } = up.process(samples);
    Buffer.from(buffer, byteOffset, byteLength).toString('base64');
    answer(FRAME_SAMPLES);
  });

  // Not setInterval: it falls behind by some percent, and the voice with it.
  let dueAt = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    dueAt += FRAME_MS;
    timer = setTimeout(tick, dueAt - performance.now());
    if (waiting.length < FRAME_CODES) return;
    const payload = Buffer.from(waiting.slice(0, FRAME_CODES)).toString('base64');
    waiting = waiting.slice(FRAME_CODES);
    socket.send(JSON.stringify({ event: 'media', streamSid, media: { payload } }));
  };
  tick();

  const closed = Promise.withResolvers<void>();
  socket.on('close', () => closed.resolve());
  await closed.promise;
  clearTimeout(timer);
});
