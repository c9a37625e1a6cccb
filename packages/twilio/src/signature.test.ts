import { createHash } from 'node:crypto';
import fc from 'fast-check';
import twilio from 'twilio';
import { describe, expect, test } from 'vitest';
import { isSignedForm, isSignedJson, isSignedUpgrade, sign } from './signature.ts';

const RUNS = { numRuns: 500 };
const TOKEN = '0123456789abcdef0123456789abcdef';
const OTHER = 'fedcba9876543210fedcba9876543210';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const value = fc.oneof(text, fc.array(text, { maxLength: 4 }));
const parameters = fc.dictionary(text, value, { maxKeys: 8, noNullPrototype: true });
const token = fc.string({ minLength: 1, maxLength: 40 });
const httpUrl = fc
  .tuple(
    fc.constantFrom('http', 'https'),
    fc.constantFrom('example.com', 'sub.example.org', '127.0.0.1', '[::1]'),
    fc.constantFrom('', ':80', ':443', ':8443'),
    fc.webPath(),
    fc.constantFrom('', '?a=1', "?name=O'Neil&x=%20", '?x=a+b&y='),
  )
  .map(([scheme, host, port, path, query]) => `${scheme}://${host}${port}${path || '/'}${query}`);

describe('form posts', () => {
  test('what we sign, Twilio’s library accepts, and the other way round', () => {
    fc.assert(
      fc.property(token, httpUrl, parameters, (auth, url, form) => {
        const ours = sign(auth, url, form);
        const theirs = twilio.getExpectedTwilioSignature(auth, url, form);
        expect(ours).toBe(theirs);
        expect(twilio.validateRequest(auth, ours, url, form)).toBe(true);
        expect(isSignedForm([auth], { url, signature: theirs }, form)).toBe(true);
      }),
      RUNS,
    );
  });

  test('with and without the standard port, both agree', () => {
    const bare = httpUrl.map((url) => url.replace(/:(80|443|8443)(?=[/?])/, ''));
    fc.assert(
      fc.property(bare, fc.boolean(), (url, added) => {
        const port = url.startsWith('https') ? ':443' : ':80';
        const ported = url.replace(/^(https?:\/\/(?:\[[^\]]*\]|[^/?:]*))/, `$1${port}`);
        const [signed, seen] = added ? [url, ported] : [ported, url];
        const signature = sign(TOKEN, signed, {});
        expect(isSignedForm([TOKEN], { url: seen, signature })).toBe(true);
        expect(twilio.validateRequest(TOKEN, signature, seen, {})).toBe(true);
      }),
      RUNS,
    );
  });

  test('anything changed on the way is refused by both', () => {
    fc.assert(
      fc.property(httpUrl, parameters, text, text, (url, form, name, added) => {
        const signature = sign(TOKEN, url, form);
        const changed = { ...form, [`${name}~`]: `${added}~` };
        expect(isSignedForm([TOKEN], { url, signature }, changed)).toBe(false);
        expect(twilio.validateRequest(TOKEN, signature, url, changed)).toBe(false);
        expect(isSignedForm([OTHER], { url, signature }, form)).toBe(false);
        expect(isSignedForm([TOKEN], { url: `${url}~`, signature }, form)).toBe(false);
      }),
      RUNS,
    );
  });

  test('two tokens are good while one replaces the other', () => {
    const url = 'https://example.com/twilio/voice';
    for (const signer of [TOKEN, OTHER]) {
      const signature = sign(signer, url, { CallSid: 'CA1' });
      expect(isSignedForm([TOKEN, OTHER], { url, signature }, { CallSid: 'CA1' })).toBe(true);
    }
  });

  test.each([undefined, '', 'x', sign('', 'https://example.com/')])(
    'the signature %j opens nothing',
    (signature) => {
      const request = { url: 'https://example.com/', signature };
      expect(isSignedForm([TOKEN], request)).toBe(false);
      expect(isSignedForm([], request)).toBe(false);
      expect(isSignedForm([''], request)).toBe(false);
    },
  );
});

describe('JSON posts', () => {
  const hash = (body: string) => createHash('sha256').update(body).digest('hex');

  test('we and Twilio’s library agree on body and signature', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('', 'changed'), (body, added) => {
        const url = `https://example.com/hook?bodySHA256=${hash(body)}`;
        const signature = sign(TOKEN, url, {});
        const sent = body + added;
        const expected = twilio.validateRequestWithBody(TOKEN, signature, url, sent);
        expect(isSignedJson([TOKEN], { url, signature }, Buffer.from(sent))).toBe(expected);
        expect(expected).toBe(added === '');
      }),
      RUNS,
    );
  });

  test('a body that the URL does not vouch for is refused', () => {
    const url = 'https://example.com/hook';
    const request = { url, signature: sign(TOKEN, url) };
    expect(isSignedJson([TOKEN], request, Buffer.from('{}'))).toBe(false);
    const bad = { url: 'rubbish', signature: sign(TOKEN, 'rubbish') };
    expect(isSignedJson([TOKEN], bad, Buffer.from('{}'))).toBe(false);
  });
});

describe('the media socket', () => {
  const url = 'wss://voice.example.com/twilio/media';

  test.each([
    url,
    `${url}/`,
    'wss://voice.example.com:443/twilio/media',
    'wss://voice.example.com:443/twilio/media/',
  ])('is open to whoever signed %s', (signed) => {
    expect(isSignedUpgrade([TOKEN], { url, signature: sign(TOKEN, signed) })).toBe(true);
    expect(isSignedUpgrade([TOKEN], { url: signed, signature: sign(TOKEN, url) })).toBe(true);
  });

  test.each([
    'https://voice.example.com/twilio/media',
    `${url}x`,
    'wss://example.com/twilio/media',
  ])('is closed to whoever signed %s', (signed) => {
    expect(isSignedUpgrade([TOKEN], { url, signature: sign(TOKEN, signed) })).toBe(false);
  });

  test('Twilio’s library accepts our signature of it', () => {
    expect(twilio.validateRequest(TOKEN, sign(TOKEN, url), url, {})).toBe(true);
  });

  test('it is closed without a signature', () => {
    expect(isSignedUpgrade([TOKEN], { url, signature: undefined })).toBe(false);
  });
});
