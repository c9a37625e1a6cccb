import { expect, test } from 'vitest';
import { destinationOf, e164 } from './phone-number.ts';

test.each([
  ['+1 (202) 555-0142', '+12025550142'],
  [' +12025550142 ', '+12025550142'],
  ['+44 20 7183 8750', '+442071838750'],
  ['2025550142', null],
  ['0012025550142', null],
  ['+12025550142 ext 5', null],
  ['+1202555014', null],
  ['+1202555014234567890', null],
  ['911', null],
  ['+911', null],
  ['', null],
  ['+', null],
  ['tel:+12025550142', null],
  ['+1202555O142', null],
  ['sip:alice@example.com', null],
  ['+12025550142;rm -rf', null],
  ['*67+12025550142', null],
])('%j is the number %s', (written, number) => {
  expect(e164(written)).toBe(number);
});

test.each([
  ['+12025550142', 'US', 'FIXED_LINE_OR_MOBILE'],
  ['+18765551234', 'JM', 'MOBILE'],
  ['+19005551234', 'US', 'PREMIUM_RATE'],
  ['+15551234567', null, null],
  ['+979123456789', null, 'PREMIUM_RATE'],
])('of %s the plans tell %s and %s', (number, country, type) => {
  expect(destinationOf(number)).toEqual({ e164: number, country, type });
});
