import { expect, test } from 'vitest';
import { parseCommandLine, UsageError } from './command-line.ts';
import { DEFAULT_URL } from './help.ts';

test('commands have defaults', () => {
  expect(parseCommandLine(['call'])).toEqual({
    command: 'call',
    scenario: 'demo',
    url: DEFAULT_URL,
    out: null,
    engines: 'small',
    via: null,
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
    via: null,
  });
  expect(parseCommandLine(['load', '--calls', '5', '--seconds=7'])).toMatchObject({
    calls: 5,
    seconds: 7,
  });
  expect(parseCommandLine(['listen', 'CA1'])).toMatchObject({ callSid: 'CA1' });
});

test('serve has defaults, and takes what is given', () => {
  expect(parseCommandLine(['serve'])).toMatchObject({
    host: '127.0.0.1',
    port: 8_100,
    numbers: ['+12025550100'],
    voiceUrl: DEFAULT_URL,
    withParent: false,
  });
  const given = ['--port=0', '--number', '+12025550123,+14155550123', '--trouble', 'late'];
  expect(parseCommandLine(['serve', ...given, '--with-parent'])).toMatchObject({
    port: 0,
    numbers: ['+12025550123', '+14155550123'],
    trouble: 'late',
    withParent: true,
  });
});

test.each([
  [],
  ['--help'],
  ['call', '--help'],
  ['load', '-h'],
  ['listen', '--help'],
  ['serve', '--help'],
])('help is there: %s %s', (...args) => {
  const command = parseCommandLine(args);
  expect(command).toMatchObject({ command: 'help', text: expect.stringContaining('phone') });
});

test.each([
  ['dial'],
  ['call', 'a', 'b'],
  ['call', '--uurl', 'x'],
  ['call', '--engines', 'best'],
  ['call', '--url', 'localhost:8000'],
  ['call', '--via', 'localhost:8100'],
  ['call', '--url', 'ws://localhost'],
  ['load', '--calls', '0'],
  ['load', '--calls', 'many'],
  ['load', '--calls', '100000'],
  ['load', '--seconds', '1.5'],
  ['load', 'demo'],
  ['listen'],
  ['serve', '--port', '65536'],
  ['serve', '--number', '12025550100'],
  ['serve', '--voice-url', 'localhost'],
  ['serve', '--cps', '0'],
  ['serve', 'demo'],
])('wrong: phone %s %s %s', (...args) => {
  expect(() => parseCommandLine(args)).toThrow(UsageError);
});
