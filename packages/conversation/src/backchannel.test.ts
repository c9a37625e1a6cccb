import { expect, test } from 'vitest';
import { isBackchannel } from './backchannel.ts';

test.each(['mm-hm', 'Mm-hmm.', 'Yeah.', 'uh huh', 'Okay, okay.', 'oh I see', 'Right!'])(
  '%j is a backchannel',
  (text) => expect(isBackchannel(text)).toBe(true),
);

test.each([
  '',
  'no',
  'Stop.',
  'wait a second',
  'yeah but no',
  'okay what about Monday',
  'yeah yeah yeah yeah yeah',
])('%j is not', (text) => expect(isBackchannel(text)).toBe(false));
