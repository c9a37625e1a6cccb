import { expect, test } from 'vitest';
import {
  connectStream,
  dial,
  hangup,
  inlineTwiml,
  pause,
  playDigits,
  redirect,
  reject,
  say,
  twiml,
} from './twiml.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const url = new URL('wss://voice.example.com/twilio/media');

test('a stream is connected with its parameters and callbacks', () => {
  const verb = connectStream({
    url,
    action: '/twilio/continue',
    statusCallback: 'https://voice.example.com/twilio/stream-status',
    parameters: { call: 'c1', token: 'a"b' },
  });
  expect(twiml(verb)).toBe(
    `${HEAD}<Response><Connect action="/twilio/continue" method="POST">` +
      '<Stream url="wss://voice.example.com/twilio/media"' +
      ' statusCallback="https://voice.example.com/twilio/stream-status" statusCallbackMethod="POST">' +
      '<Parameter name="call" value="c1"/><Parameter name="token" value="a&quot;b"/>' +
      '</Stream></Connect></Response>',
  );
});

test('every other verb is written as documented', () => {
  const options = { timeoutSeconds: 20, answerOnBridge: true };
  expect(
    twiml(
      say('Hi', { voice: 'alice', language: 'en-GB' }),
      pause(1.6),
      playDigits('1w#'),
      redirect('https://x.example/a?b=1&c=2'),
      dial('+15550101', options),
      reject('busy'),
      hangup(),
    ),
  ).toBe(
    `${HEAD}<Response><Say voice="alice" language="en-GB">Hi</Say><Pause length="2"/><Play digits="1w#"/>` +
      '<Redirect method="POST">https://x.example/a?b=1&amp;c=2</Redirect>' +
      '<Dial timeout="20" answerOnBridge="true"><Number>+15550101</Number></Dial>' +
      '<Reject reason="busy"/><Hangup/></Response>',
  );
});

test('text cannot leave its place', () => {
  const wicked = `</Say><Dial>1</Dial>&"'\u0000\u001b\ud800\uffff é 😀`;
  expect(say(wicked)).toBe(
    '<Say>&lt;/Say&gt;&lt;Dial&gt;1&lt;/Dial&gt;&amp;&quot;&apos; é 😀</Say>',
  );
});

test('a stream URL is wss and has no query, which Twilio would drop', () => {
  const refused = [
    'ws://voice.example.com/x',
    'https://voice.example.com/x',
    'wss://a.example/x?y',
  ];
  for (const bad of refused)
    expect(() => connectStream({ url: new URL(bad) })).toThrow(
      expect.objectContaining({ code: 'bad-stream-url' }),
    );
  expect(connectStream({ url: new URL('ws://localhost:8000/x') })).toContain('ws://localhost');
});

test('a parameter and its value stay under 500 characters', () => {
  expect(connectStream({ url, parameters: { key: 'v'.repeat(496) } })).toContain('key');
  expect(() => connectStream({ url, parameters: { key: 'v'.repeat(497) } })).toThrow(
    expect.objectContaining({ code: 'parameter-too-long' }),
  );
});

test('TwiML that Twilio would refuse for its length is not made', () => {
  const tooLong = expect.objectContaining({ code: 'twiml-too-long' });
  expect(() => inlineTwiml(say('x'.repeat(4000)))).toThrow(tooLong);
  expect(() => twiml(say('é'.repeat(33_000)))).toThrow(tooLong);
  expect(inlineTwiml(say('x'.repeat(3800)))).toContain('<Say>');
});
