import { expect, test } from 'vitest';
import { parseTwiml } from './twiml.ts';

const response = (inside: string) =>
  parseTwiml(`<?xml version="1.0"?><Response>${inside}</Response>`);
const codes = (inside: string) => response(inside).complaints.map(({ code }) => code);

test('reads a stream with its parameters, and the verb after it', () => {
  const { verbs, complaints } = response(`
    <Connect action="/continue">
      <Stream url="wss://host/media" name="main" statusCallback="/status">
        <Parameter name="call" value="a&amp;b"/><Parameter name="token" value=""/>
      </Stream>
    </Connect>
    <Hangup/>`);
  expect(complaints).toEqual([]);
  expect(verbs).toEqual([
    {
      verb: 'Connect',
      action: '/continue',
      method: 'POST',
      stream: {
        url: 'wss://host/media',
        name: 'main',
        statusCallback: '/status',
        statusCallbackMethod: 'POST',
        parameters: { call: 'a&b', token: '' },
      },
    },
    { verb: 'Hangup' },
  ]);
});

test('reads every verb that is emulated', () => {
  const { verbs, complaints } = response(`
    <Say voice="alice" loop="2">Hello <![CDATA[& welcome]]></Say>
    <Play>https://host/a.wav</Play><Play digits="12w3"/><Pause length="2"/>
    <Gather numDigits="1" action="/keys" timeout="3"><Say>Press</Say><Pause/></Gather>
    <Redirect method="GET">/other</Redirect>
    <Dial timeout="10"><Number>+15550100</Number></Dial><Reject reason="busy"/>`);
  expect(complaints).toEqual([]);
  expect(verbs?.map(({ verb }) => verb)).toEqual([
    'Say',
    'Play',
    'Play',
    'Pause',
    'Gather',
    'Redirect',
    'Dial',
    'Reject',
  ]);
  expect(verbs?.[0]).toEqual({ verb: 'Say', text: 'Hello & welcome', loop: 2 });
  expect(verbs?.[4]).toMatchObject({ numDigits: 1, timeoutSeconds: 3, finishOnKey: '#' });
  expect(verbs?.[6]).toEqual({
    verb: 'Dial',
    number: '+15550100',
    action: null,
    method: 'POST',
    timeoutSeconds: 10,
  });
});

test.each([
  ['nothing', ''],
  ['plain text', 'hello'],
  ['an open tag', '<Response><Say>'],
  ['crossed tags', '<Response><Say></Response></Say>'],
  ['two roots', '<Response/><Response/>'],
  ['a bare ampersand', '<Response><Say>a & b</Say></Response>'],
  ['an unknown entity', '<Response><Say>&bomb;</Say></Response>'],
  ['an attribute twice', '<Response><Say loop="1" loop="2"/></Response>'],
  ['another root', '<html/>'],
  ['JSON', '{"twiml": true}'],
])('%s is no TwiML: 12100', (_name, document) => {
  const { verbs, complaints } = parseTwiml(document);
  expect(verbs).toBe(null);
  expect(complaints.map(({ code }) => code)).toEqual(['12100']);
});

test('TwiML of more than 64 kB is refused with 11750', () => {
  const { verbs, complaints } = response(`<Say>${'a'.repeat(70_000)}</Say>`);
  expect(verbs).toBe(null);
  expect(complaints[0]?.code).toBe('11750');
});

test.each([
  ['an unknown verb', '<Sing>la</Sing><Hangup/>'],
  ['a verb in lower case', '<say>la</say><Hangup/>'],
  ['the name of an object’s method', '<constructor/><Hangup/>'],
  ['a stream without Connect', '<Stream url="wss://a/b"/><Hangup/>'],
  ['Connect without a stream', '<Connect/><Hangup/>'],
  ['a pause that is no number', '<Pause length="long"/><Hangup/>'],
  ['an unknown attribute', '<Hangup now="true"/>'],
])('%s is a warning, and the call goes on: 12200', (_name, inside) => {
  const { verbs, complaints } = response(inside);
  expect(verbs).toEqual([{ verb: 'Hangup' }]);
  expect(new Set(complaints.map(({ code }) => code))).toEqual(new Set(['12200']));
});

test('a bidirectional stream has the inbound track only: 31941', () => {
  expect(codes('<Connect><Stream url="wss://a/b" track="both_tracks"/></Connect>')).toContain(
    '31941',
  );
});

test('a parameter of 500 characters is left out', () => {
  const stream = `<Stream url="wss://a/b"><Parameter name="k" value="${'v'.repeat(499)}"/></Stream>`;
  const { verbs, complaints } = response(`<Connect>${stream}</Connect>`);
  expect(complaints.map(({ code }) => code)).toEqual(['12200']);
  expect(verbs?.[0]).toMatchObject({ stream: { parameters: {} } });
});
