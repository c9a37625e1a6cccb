import { expect, test } from 'vitest';
import { newSid, sign } from './signature.ts';

test('signs the example of the Twilio documentation', () => {
  const params = {
    To: '+18005551212',
    From: '+14158675309',
    Digits: '1234',
    Caller: '+14158675309',
    CallSid: 'CA1234567890ABCDE',
  };
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  expect(sign('12345', url, params)).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=');
});

test('signs the URL alone for a WebSocket', () => {
  expect(sign('12345', 'wss://host/media')).toBe(sign('12345', 'wss://host/media', {}));
  expect(sign('12345', 'wss://host/media')).not.toBe(sign('12345', 'https://host/media'));
});

test('identifiers are of Twilio’s form', () => {
  expect(newSid('CA')).toMatch(/^CA[0-9a-f]{32}$/);
  expect(newSid('MZ')).not.toBe(newSid('MZ'));
});
