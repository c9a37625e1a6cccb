import type { AudioFrame } from '@earshot/audio';
import type { VoiceDetector } from '@earshot/conversation';
import { expect, it } from 'vitest';
import { Outstanding } from './outstanding.ts';
import type { Recording } from './recording.ts';
import { SilenceTimerAgent } from './silence-timer-agent.ts';
import { type StagedCall, stageCall } from './staged-call.ts';

/** Hears voice in every frame that is not silent. */
const everySound: VoiceDetector = {
  open: () => ({
    hear: ({ samples }) => Number(samples.some((sample) => sample !== 0)),
    [Symbol.dispose]() {},
  }),
};

/** One character for each 20 ms: '#' voice, '.' silence. */
function recordingOf(sounds: string): Recording {
  const frames = [...sounds].map(
    (sound): AudioFrame => ({
      samples: new Int16Array(160).fill(sound === '#' ? 3000 : 0),
      sampleRate: 8000,
    }),
  );
  return { name: 'drawn', frames, first: sounds.indexOf('#'), last: sounds.lastIndexOf('#') };
}

function call(sounds: string, greeting: string, voiceDetector = everySound): Promise<StagedCall> {
  const options = { voiceDetector, silenceMs: 700, greeting, answer: 'Certainly.' };
  const agent = new SilenceTimerAgent(options);
  const { signal } = new AbortController();
  return stageCall(agent, recordingOf(sounds), new Outstanding(), signal);
}

const SPOKEN = `..${'#'.repeat(40)}..`;

it('measures the gap from the last voiced frame to the answer at the ear', async () => {
  const { gapMs, cutOff, bargeInMs } = await call(SPOKEN, 'Hi.');
  // The timer, and the 20 ms in which the answer is first heard.
  expect({ gapMs, cutOff, bargeInMs }).toEqual({ gapMs: 720, cutOff: false, bargeInMs: null });
});

it('tells a caller who is answered in mid-turn', async () => {
  const paused = `${'#'.repeat(20)}${'.'.repeat(40)}${'#'.repeat(20)}`;
  expect(await call(paused, 'Hi.')).toMatchObject({ cutOff: true, gapMs: 720 });
});

it('measures how long a caller speaks against the agent before it is cleared', async () => {
  expect(await call(SPOKEN, 'A long speech. '.repeat(20))).toMatchObject({ bargeInMs: 180 });
});

it('stands still while engines are at work', async () => {
  const outstanding = new Outstanding();
  const work = Promise.withResolvers<string>();
  const tracked = outstanding.track(work.promise);
  let settled = false;
  const settling = outstanding.settled().then(() => {
    settled = true;
  });
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(settled).toBe(false);
  work.resolve('done');
  await settling;
  expect(await tracked).toBe('done');
});

it('goes on when an engine fails', async () => {
  const outstanding = new Outstanding();
  const failing = outstanding.track(Promise.reject(new Error('gone')));
  await outstanding.settled();
  await expect(failing).rejects.toThrow('gone');
});
