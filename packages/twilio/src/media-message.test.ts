import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMediaFast } from './media-fast-path.ts';
import {
  clearMessage,
  MAX_MESSAGE_BYTES,
  markMessage,
  mediaMessage,
  parseMediaMessage,
} from './media-message.ts';

const parse = (text: string) => parseMediaMessage(Buffer.from(text), false);

const FRAME = Buffer.alloc(160, 0x7e);

const media = (streamSidLast: boolean, payload = FRAME.toString('base64'), chunk = '2') => {
  const inner = { track: 'inbound', chunk, timestamp: '40', payload };
  const sid = { streamSid: 'MZ1' };
  const head = { event: 'media', sequenceNumber: '4' };
  return JSON.stringify(
    streamSidLast ? { ...head, media: inner, ...sid } : { ...head, ...sid, media: inner },
  );
};

describe('messages from Twilio', () => {
  test('audio is read on the fast path, with the stream named before or after it', () => {
    for (const last of [true, false]) {
      const expected = {
        event: 'media',
        streamSid: 'MZ1',
        track: 'inbound',
        chunk: 2,
        timestampMs: 40,
        codes: FRAME,
      };
      expect(readMediaFast(Buffer.from(media(last)))).toEqual(expected);
    }
  });

  test('audio written otherwise is read all the same', () => {
    const spaced = JSON.stringify(JSON.parse(media(false)), null, 1);
    expect(readMediaFast(Buffer.from(spaced))).toBeNull();
    expect(parse(spaced)).toEqual(parse(media(false)));
  });

  test('whatever the fast path reads, JSON reads the same', () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    const edit = fc.record({
      at: fc.nat(700),
      drop: fc.nat(3),
      put: fc.constantFrom('', '"', '}', ',', '{', '\\', 'A', '"payload":"', ' ', '=', '1', 'é'),
    });
    const message = fc.tuple(fc.boolean(), bytes, fc.array(edit, { maxLength: 2 }));
    fc.assert(
      fc.property(message, ([last, codes, edits]) => {
        const text = edits.reduce(
          (whole, { at, drop, put }) => whole.slice(0, at) + put + whole.slice(at + drop),
          media(last, Buffer.from(codes).toString('base64')),
        );
        const fast = readMediaFast(Buffer.from(text));
        if (fast === null) return;
        const json = JSON.parse(text);
        expect(fast).toEqual({
          event: 'media',
          streamSid: json.streamSid,
          track: json.media.track,
          chunk: Number(json.media.chunk),
          timestampMs: Number(json.media.timestamp),
          codes: Buffer.from(json.media.payload, 'base64'),
        });
      }),
      { numRuns: 2000 },
    );
  });

  test('a message that only looks like audio is not taken for it', () => {
    const decoy = `{"event":"dtmf","streamSid":"MZ1","x":"\\"payload\\":\\"","payload":"AAAA","dtmf":{"digit":"5"}}`;
    expect(parse(decoy)).toMatchObject({ event: 'dtmf', dtmf: { digit: '5' } });
    const twice = `{"event":"media","sequenceNumber":"4","streamSid":"MZ1","media":{"track":"inbound","chunk":"2","timestamp":"40","payload":"AAAA"},"streamSid":"MZ2"}`;
    expect(parse(twice)).toMatchObject({ streamSid: 'MZ2' });
  });

  test('start, marks, digits and stop are read, and unknown fields overlooked', () => {
    const start = {
      event: 'start',
      sequenceNumber: '1',
      streamSid: 'MZ1',
      start: {
        streamSid: 'MZ1',
        accountSid: 'AC1',
        callSid: 'CA1',
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: { token: 't' },
        later: true,
      },
    };
    expect(parse(JSON.stringify(start))).toMatchObject({
      event: 'start',
      start: { callSid: 'CA1', customParameters: { token: 't' } },
    });
    expect(parse('{"event":"connected","protocol":"Call","version":"1.0.0"}').event).toBe(
      'connected',
    );
    expect(parse('{"event":"mark","streamSid":"MZ1","mark":{"name":"0-1"}}')).toMatchObject({
      mark: { name: '0-1' },
    });
    expect(parse('{"event":"stop","streamSid":"MZ1","stop":{}}').event).toBe('stop');
  });

  test.each([
    ['not-json', '{"event":"media"'],
    ['not-json', ''],
    ['not-json', '\u0000\u0001'],
    ['unknown-event', 'null'],
    ['unknown-event', '[]'],
    ['unknown-event', '"media"'],
    ['unknown-event', '{"event":7}'],
    ['unknown-event', '{"event":"transcription"}'],
    ['bad-fields', '{"event":"media","streamSid":"MZ1"}'],
    ['bad-fields', '{"event":"media","streamSid":"MZ1","media":{"payload":"AAAA"}}'],
    ['bad-fields', media(false, 'AAAA', '-1')],
    ['bad-fields', media(false, 'AAAA', '')],
    ['bad-fields', '{"event":"mark","streamSid":"MZ1","mark":{}}'],
    ['bad-fields', '{"event":"dtmf","streamSid":"MZ1","dtmf":{"digit":"12"}}'],
    ['bad-fields', '{"event":"start","start":{"streamSid":"MZ\\"1"}}'],
    ['bad-payload', media(false, 'AAA')],
    ['bad-payload', media(false, 'AA A')],
    ['bad-payload', media(true, '!!!!')],
    ['bad-payload', media(true, 'AA=A')],
    ['too-large', media(true, 'A'.repeat(MAX_MESSAGE_BYTES))],
  ])('%s is a fault of the message: %j', (fault, text) => {
    expect(parse(text)).toEqual({ event: 'rejected', fault });
  });

  test('binary messages are refused unread', () => {
    const message = parseMediaMessage(Buffer.from(media(true)), true);
    expect(message).toEqual({ event: 'rejected', fault: 'binary' });
  });

  test('no bytes at all make the parser throw', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(parseMediaMessage(Buffer.from(bytes), false).event).toBe('rejected');
      }),
    );
  });
});

test('messages to Twilio hold exactly the documented fields', () => {
  expect(JSON.parse(mediaMessage('MZ1', Uint8Array.of(255, 0, 127)))).toEqual({
    event: 'media',
    streamSid: 'MZ1',
    media: { payload: '/wB/' },
  });
  expect(JSON.parse(markMessage('MZ1', '3-14'))).toEqual({
    event: 'mark',
    streamSid: 'MZ1',
    mark: { name: '3-14' },
  });
  expect(JSON.parse(clearMessage('MZ1'))).toEqual({ event: 'clear', streamSid: 'MZ1' });
});
