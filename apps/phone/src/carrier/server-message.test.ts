import { expect, test } from 'vitest';
import { readServerMessage } from './server-message.ts';

const streamSid = 'MZ1';
const read = (message: unknown, isBinary = false) =>
  readServerMessage(Buffer.from(JSON.stringify(message) ?? ''), isBinary, streamSid);
const media = (payload: string) => ({ event: 'media', streamSid, media: { payload } });

test('understands the three documented messages', () => {
  expect(read(media('AP8=')).message).toEqual({ type: 'media', codes: Buffer.from([0, 255]) });
  const mark = { event: 'mark', streamSid, mark: { name: 'a' } };
  expect(read(mark).message).toEqual({ type: 'mark', name: 'a' });
  expect(read({ event: 'clear', streamSid }).message).toEqual({ type: 'clear' });
  expect(read(mark).complaint).toBe(null);
});

test.each([
  ['an unknown event', { event: 'hello', streamSid }],
  ['no event', { streamSid }],
  ['an extra field', { ...media('AA=='), sequenceNumber: '1' }],
  ['an extra field inside', { event: 'media', streamSid, media: { payload: '', track: 'out' } }],
  ['a missing payload', { event: 'media', streamSid, media: {} }],
  ['a missing streamSid', { event: 'clear' }],
  ['a wrong streamSid', { event: 'clear', streamSid: 'MZ2' }],
  ['a mark whose name is a number', { event: 'mark', streamSid, mark: { name: 1 } }],
  ['null', null],
  ['a list', []],
  ['a string', 'clear'],
])('ignores %s with 31951', (_name, message) => {
  expect(read(message)).toMatchObject({ message: null, complaint: { code: '31951' } });
});

test('ignores what is not JSON with 31951', () => {
  for (const text of ['', '{', 'clear', '\0']) {
    const reading = readServerMessage(Buffer.from(text), false, streamSid);
    expect(reading).toMatchObject({ message: null, complaint: { code: '31951' } });
  }
});

test('ignores binary messages with 31950, whatever is inside', () => {
  expect(read(media('AA=='), true)).toMatchObject({ message: null, complaint: { code: '31950' } });
});

test.each(['****', 'A', 'AA=A', 'AA-_', 'AAA A', 'AAAAA'])(
  'ignores the payload %s, not base64, with 31950',
  (payload) => {
    expect(read(media(payload))).toMatchObject({ message: null, complaint: { code: '31950' } });
  },
);

test('plays a WAV header as noise, with 31950', () => {
  const { message, complaint } = read(media(Buffer.from('RIFF….WAVE').toString('base64')));
  expect(message?.type).toBe('media');
  expect(complaint?.code).toBe('31950');
});

test('an empty payload is audio of no length', () => {
  expect(read(media(''))).toEqual({
    message: { type: 'media', codes: Buffer.alloc(0) },
    complaint: null,
  });
});
