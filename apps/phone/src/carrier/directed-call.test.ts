import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { Caller } from '../caller/caller.ts';
import type { CallEvent } from './call-observer.ts';
import type { CallOptions } from './call-options.ts';
import type { CallControl } from './instructions.ts';
import { ManualClock } from './manual-clock.ts';
import { runCall } from './run-call.ts';
import type { Dialled } from './run-dial.ts';
import { type Script, startScriptedServer } from './scripted-server.ts';

const twiml = (inside: string) => `<Response>${inside}</Response>`;
const STREAM = '<Connect><Stream url="{ws}/media"/></Connect>';
const silent: Caller = { tick: () => ({ samples: null }) };

/** One outbound call on a clock of its own; `direct` is called once a media stream is open. */
async function outbound(
  script: Script,
  more: Partial<CallOptions> = {},
  direct: (control: CallControl) => void = () => {},
) {
  const messages: string[] = [];
  let control: CallControl | null = null;
  await using server = await startScriptedServer({
    ...script,
    onStream: (socket: WebSocket) => {
      socket.on('message', (data) => {
        const { event } = JSON.parse(String(data));
        if (event !== 'media') messages.push(event);
        if (event === 'start' && control) direct(control);
      });
    },
  });
  const clock = new ManualClock();
  const events: CallEvent[] = [];
  const ran = runCall({
    voiceUrl: `${server.url}/voice`,
    accountSid: 'AC1',
    authToken: 'token',
    from: '+12025550100',
    to: '+12025550142',
    direction: 'outbound-api',
    caller: silent,
    observer: { observe: (event) => events.push(event) },
    clock,
    maxDurationMs: 60_000,
    signal: new AbortController().signal,
    control: (given) => {
      control = given;
    },
    ...more,
    ...(more.twiml && { twiml: more.twiml.replaceAll('{ws}', server.url.replace('http', 'ws')) }),
  });
  const end = await clock.passUntil(ran);
  const verbs = events.flatMap((event) => (event.type === 'verb' ? event.verb : []));
  return { end, events, verbs, messages, asked: [...server.asked] };
}

test('a call that the server placed is answered before its TwiML is asked for', async () => {
  const { asked, end } = await outbound({ answers: { '/voice': twiml('<Hangup/>') } });
  expect(asked[0]?.params).toMatchObject({
    Direction: 'outbound-api',
    CallStatus: 'in-progress',
    CallSid: end.callSid,
  });
  expect(asked[0]?.params).not.toHaveProperty('StirVerstat');
});

test('TwiML that comes with the call is followed without asking', async () => {
  const { asked, verbs, end } = await outbound({}, { twiml: twiml('<Pause/><Hangup/>') });
  expect(verbs).toEqual(['Pause', 'Hangup']);
  expect(asked).toEqual([]);
  expect(end.durationMs).toBeGreaterThanOrEqual(1_000);
});

test('TwiML that came with the call and is no TwiML fails the call', async () => {
  const { end } = await outbound({}, { twiml: '<Respond/>' });
  expect(end.outcome.reason).toBe('failed');
  expect(end.findings.map(({ code }) => code)).toEqual(['12100']);
});

test('who answered is told with the first document’s request', async () => {
  const detect = async () => 'machine_start';
  const { asked } = await outbound({ answers: { '/voice': twiml('<Hangup/>') } }, { detect });
  expect(asked[0]?.params).toMatchObject({ AnsweredBy: 'machine_start' });
});

test('new instructions end the stream with a stop, and the old document', async () => {
  const { verbs, messages, events, end } = await outbound(
    {},
    { twiml: twiml(`${STREAM}<Say>never said</Say>`) },
    (control) => control.redirect({ type: 'inline', twiml: twiml('<Pause/><Hangup/>') }),
  );
  expect(verbs).toEqual(['Connect', 'Pause', 'Hangup']);
  expect(messages).toEqual(['connected', 'start', 'stop']);
  expect(events.find(({ type }) => type === 'stream-ended')).toMatchObject({ by: 'server' });
  expect(end.outcome.reason).toBe('agent-hung-up');
});

test('new instructions may be an address', async () => {
  const { asked } = await outbound(
    { answers: { '/next': twiml('<Hangup/>'), '/voice': twiml(STREAM) } },
    {},
    (control) => {
      control.redirect({ type: 'fetch', url: 'http://127.0.0.1:9', method: 'GET', params: {} });
      control.redirect({ type: 'inline', twiml: twiml('<Hangup/>') });
    },
  );
  expect(asked.map(({ path }) => path)).toEqual(['/voice']);
});

test('a call that is hung up from outside is over at once, and cannot be directed', async () => {
  const { end, messages } = await outbound({}, { twiml: twiml(STREAM) }, (control) => {
    control.hangUp();
    control.redirect({ type: 'inline', twiml: twiml('<Say>no</Say>') });
  });
  expect(end.outcome).toEqual({ reason: 'agent-hung-up', detail: 'hung up by REST' });
  expect(messages.at(-1)).toBe('stop');
});

test.each(['busy', 'no-answer', 'failed'] as const)(
  'a number that is dialled and %s: the action is told, and the call goes on',
  async (status) => {
    const dial = async (): Promise<Dialled> => ({ status });
    const answers = {
      '/voice': twiml('<Dial action="/dialled">+12025550111</Dial>'),
      '/dialled': twiml('<Hangup/>'),
    };
    const { asked } = await outbound({ answers }, { dial });
    expect(asked[1]?.params).toMatchObject({ DialCallStatus: status });
  },
);

test('a number that answers is connected until it hangs up', async () => {
  const heard: number[] = [];
  const callee: Caller = {
    tick: (samples, atMs) => {
      heard.push(samples[0] ?? 0);
      return { samples: new Int16Array(160).fill(7), hangUp: atMs >= 1_000 };
    },
  };
  const caller: Caller = { tick: () => ({ samples: new Int16Array(160).fill(5) }) };
  const { events, asked } = await outbound(
    {
      answers: {
        '/voice': twiml('<Dial action="/over"><Number>+12025550111</Number></Dial>'),
        '/over': twiml('<Hangup/>'),
      },
    },
    { caller, dial: async (number) => (number ? { status: 'answered', callee } : never()) },
  );
  expect(heard).toContain(5);
  expect(events.some((event) => event.type === 'frame' && event.agent[0] === 7)).toBe(true);
  expect(asked[1]?.params).toMatchObject({ DialCallStatus: 'completed', DialCallDuration: '1' });
});

function never(): never {
  throw new Error('not called');
}
