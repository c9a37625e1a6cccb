import { readFileSync } from 'node:fs';
import { REASONS } from '@earshot/calls';
import { expect, test } from 'vitest';
import { STATUS, STATUS_OF_CALL_ERROR } from './apps/server/src/http-error.ts';

const api = readFileSync('docs/api.md', 'utf8');

test.each(Object.entries(REASONS))('docs/api.md says why calls end: %s', (reason, blame) => {
  expect(api).toContain(`| \`${reason}\` | ${blame} |`);
});

test.each(Object.entries({ ...STATUS, ...STATUS_OF_CALL_ERROR }))(
  'docs/api.md has the error code %s beside its status',
  (code, status) => {
    const row = api
      .split('\n')
      .find((line) => line.includes(`\`${code}\``) && /^\| [45]/.test(line));
    expect(row).toMatch(new RegExp(`^\\|[^|]*${status}`));
  },
);
