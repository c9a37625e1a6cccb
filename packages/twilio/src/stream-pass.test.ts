import { expect, test } from 'vitest';
import { connectCall, isPass, issuePass } from './stream-pass.ts';

const SECRET = 'a'.repeat(32);

test('a pass is good for its call, until its end, for whoever knows a secret', () => {
  const pass = issuePass(SECRET, 'call-1', 1_000);
  expect(isPass(['other secret', SECRET], 'call-1', pass, 999)).toBe(true);
  expect(isPass([SECRET], 'call-1', pass, 1_000)).toBe(false);
  expect(isPass([SECRET], 'call-2', pass, 0)).toBe(false);
  expect(isPass(['other secret'], 'call-1', pass, 0)).toBe(false);
  expect(isPass([], 'call-1', pass, 0)).toBe(false);
});

test('no two passes are the same', () => {
  expect(issuePass(SECRET, 'call-1', 1_000)).not.toBe(issuePass(SECRET, 'call-1', 1_000));
});

test('a pass that was changed, made longer, or is none is good for nothing', () => {
  const pass = issuePass(SECRET, 'call-1', 1_000);
  const [ends = '', chance = '', sealed = ''] = pass.split('.');
  const later = `${(10_000).toString(36)}.${chance}.${sealed}`;
  for (const given of [
    '',
    '.',
    '..',
    'x',
    later,
    `${pass}x`,
    `${ends}.${chance}.`,
    `${ends}.${chance}.${'é'.repeat(43)}`,
  ])
    expect(isPass([SECRET], 'call-1', given, 0)).toBe(false);
});

test('its TwiML names the call, the pass and where to ask afterwards', () => {
  const urlOf = (path: string) => `https://a.example${path}`;
  const url = new URL('wss://a.example/twilio/media');
  expect(connectCall({ callId: 'call-1', pass: 'p', url, urlOf })).toBe(
    '<Connect action="https://a.example/twilio/continue/call-1" method="POST">' +
      '<Stream url="wss://a.example/twilio/media" statusCallback="https://a.example/twilio/stream-status" statusCallbackMethod="POST">' +
      '<Parameter name="call" value="call-1"/><Parameter name="token" value="p"/></Stream></Connect>',
  );
});
