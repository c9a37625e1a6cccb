import { expect, test } from 'vitest';
import { apiUrl } from './api-url.ts';

test('without a wish it is the ordinary address', () => {
  expect(apiUrl()).toBe('https://api.twilio.com');
  expect(apiUrl({ baseUrl: null, region: null, edge: null })).toBe('https://api.twilio.com');
});

test('a region is reached through its city, since Twilio gave up the addresses without one', () => {
  expect(apiUrl({ region: 'ie1' })).toBe('https://api.dublin.ie1.twilio.com');
  expect(apiUrl({ region: 'au1', edge: 'singapore' })).toBe('https://api.singapore.au1.twilio.com');
  expect(apiUrl({ edge: 'frankfurt' })).toBe('https://api.frankfurt.us1.twilio.com');
  expect(apiUrl({ region: 'us1' })).toBe('https://api.us1.twilio.com');
});

test('a base URL is taken as it is, without the slash at its end', () => {
  expect(apiUrl({ baseUrl: 'http://127.0.0.1:8100/', region: 'ie1' })).toBe(
    'http://127.0.0.1:8100',
  );
  expect(apiUrl({ baseUrl: 'https://proxy.example/twilio/' })).toBe('https://proxy.example/twilio');
});

test.each([
  { baseUrl: 'http://api.twilio.com' },
  { baseUrl: 'api.twilio.com' },
  { baseUrl: 'file:///etc/passwd' },
  { baseUrl: 'https://x.example/?a=b' },
  { baseUrl: 'https://user:secret@x.example' },
  { region: 'evil.example/' },
  { edge: 'a.b' },
])('%j is no address', (place) => {
  expect(() => apiUrl(place)).toThrow(expect.objectContaining({ code: 'bad-api-url' }));
});
