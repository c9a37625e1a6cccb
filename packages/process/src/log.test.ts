import { expect, test } from 'vitest';
import { LOG_LEVEL, openLog } from './log.ts';

function lines(write: (log: ReturnType<typeof openLog>) => void): Record<string, unknown>[] {
  const written: string[] = [];
  write(openLog({ logLevel: 'info' }, { write: (line) => written.push(line) }));
  return written.map((line) => JSON.parse(line));
}

test('an error is written by name, code and place, without its message', () => {
  const error = Object.assign(new TypeError('said hunter2'), { code: 'E_CODE' });
  const [err, other] = lines((log) => {
    log.warn({ err: error }, 'failed');
    log.warn({ error: 'said hunter2' }, 'failed');
  });
  const at = expect.arrayContaining([expect.stringMatching(/^\s+at /)]);
  expect(err).toMatchObject({ msg: 'failed', err: { type: 'TypeError', code: 'E_CODE', at } });
  expect(other).toMatchObject({ error: { type: 'string' } });
  expect(JSON.stringify([err, other])).not.toContain('hunter2');
});

test('what lies below the level is not written', () => {
  expect(lines((log) => log.debug('detail'))).toEqual([]);
});

test.each([
  [undefined, 'info'],
  ['WARNING', 'warn'],
  ['Debug', 'debug'],
])('the level %s is %s', (given, level) => {
  expect(LOG_LEVEL.parse(given)).toBe(level);
});
