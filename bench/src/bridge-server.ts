import { converse } from '@earshot/conversation';
import { PacingClock, TwilioLine } from '@earshot/twilio';
import { serveCalls } from './call-server.ts';
import { ModelVoice } from './model-voice.ts';

const clock = new PacingClock();

/** Our packages as a media bridge: a Twilio line and a model's voice in one conversation. */
await serveCalls(async (socket, request, signal) => {
  await using line = await TwilioLine.accept(socket, { clock, transport: request.socket }, signal);
  await using agent = new ModelVoice();
  await converse(line, agent, () => {}, signal);
});
