import process from 'node:process';
import { converse } from '@earshot/conversation';
import { PacingClock, TwilioLine } from '@earshot/twilio';
import { serveCalls } from './call-server.ts';
import { ModelVoice } from './model-voice.ts';

const clock = new PacingClock();
await using detector = process.argv.includes('--vad') ? await openDetector() : null;

/** Our packages as a media bridge: a Twilio line and a model's voice in one conversation. */
await serveCalls(
  async (socket, { socket: transport }, signal) => {
    await using line = await TwilioLine.accept(socket, { clock, transport }, signal);
    await using agent = new ModelVoice(detector?.open() ?? null);
    await converse(line, agent, () => {}, signal);
  },
  () => ({ unanswered: detector?.stats.unanswered ?? 0 }),
);

/** Loaded only when wanted, so that the bridge's memory is its own. */
async function openDetector() {
  const { SileroVoiceDetector } = await import('@earshot/local');
  return SileroVoiceDetector.open(new AbortController().signal);
}
