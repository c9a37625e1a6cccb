import { expect, test } from 'vitest';
import { explainFailure } from './explain-failure.ts';

const URL = 'http://localhost:8000/twilio/voice';
const explain = (code: string, text: string) =>
  explainFailure([{ code, text, level: 'error', atMs: 0 }], URL);

test.each([
  ['11205', `${URL}: ECONNREFUSED`, /npm start/],
  ['11205', `${URL} had no answer within 15 s`, /busy or stuck/],
  ['11200', `${URL} answered HTTP 403`, /TWILIO_AUTH_TOKEN/],
  ['11200', `${URL} answered HTTP 404`, /\/twilio\/voice/],
  ['11200', `${URL} answered HTTP 503`, /its terminal/],
  ['12100', 'TwiML that is not well-formed', /not with TwiML/],
])('%s: %s', (code, text, advice) => {
  expect(explain(code, text)).toMatch(advice);
  expect(explain(code, text)).toContain(code);
});

test('without a finding there is still an answer', () => {
  expect(explainFailure([], URL)).toContain(URL);
});
