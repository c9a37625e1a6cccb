import { expect, test } from 'vitest';
import { DEFAULT_URL, parseCommandLine, UsageError } from './command-line.ts';

test('commands have defaults', () => {
  expect(parseCommandLine(['call'])).toEqual({
    command: 'call',
    scenario: 'demo',
    url: DEFAULT_URL,
    out: null,
    engines: 'small',
  });
  expect(parseCommandLine(['load'])).toMatchObject({
    calls: 10,
    seconds: 30,
    say: null,
    url: DEFAULT_URL,
  });
});

test('options may be given', () => {
  const url = 'https://example.org/voice';
  expect(
    parseCommandLine(['call', 'a.yaml', '--url', url, '--out=there', '--engines', 'real']),
  ).toEqual({
    command: 'call',
    scenario: 'a.yaml',
    url,
    out: 'there',
    engines: 'real',
  });
  expect(parseCommandLine(['load', '--calls', '5', '--seconds=7'])).toMatchObject({
    calls: 5,
    seconds: 7,
  });
  expect(parseCommandLine(['listen', 'CA1'])).toMatchObject({ callSid: 'CA1' });
});

test.each([[], ['--help'], ['call', '--help'], ['load', '-h'], ['listen', '--help']])(
  'help is there: %s %s',
  (...args) => {
    const command = parseCommandLine(args);
    expect(command).toMatchObject({ command: 'help', text: expect.stringContaining('phone') });
  },
);

test.each([
  ['dial'],
  ['call', 'a', 'b'],
  ['call', '--uurl', 'x'],
  ['call', '--engines', 'best'],
  ['call', '--url', 'localhost:8000'],
  ['call', '--url', 'ws://localhost'],
  ['load', '--calls', '0'],
  ['load', '--calls', 'many'],
  ['load', '--calls', '100000'],
  ['load', '--seconds', '1.5'],
  ['load', 'demo'],
  ['listen'],
])('wrong: phone %s %s %s', (...args) => {
  expect(() => parseCommandLine(args)).toThrow(UsageError);
});
