import { expect, test } from 'vitest';
import { parseScenario } from './parse-scenario.ts';

const problem = (yaml: string): string => {
  try {
    parseScenario(yaml, 'x.yaml');
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'no problem';
};

test('a plain text is short for its longer form', () => {
  const { steps } = parseScenario('scenario: x\nsteps:\n  - say: Hello\n  - hangUp', 'x.yaml');
  expect(steps).toMatchObject([
    { verb: 'say', what: { text: 'Hello', levelDb: 0 } },
    { verb: 'hangUp', what: true },
  ]);
});

test('keys may be written as a number', () => {
  const { steps } = parseScenario('scenario: x\nsteps:\n  - press: 12', 'x.yaml');
  expect(steps).toEqual([{ verb: 'press', what: '12' }]);
});

test.each([
  [
    'an unknown step names the known ones',
    'scenario: x\nsteps:\n  - say: a\n  - shout: b\n',
    /^x\.yaml:4: .*shout/,
  ],
  [
    'two verbs in one step',
    'scenario: x\nsteps:\n  - say: a\n    press: 1\n',
    /^x\.yaml:3: .*exactly one of say/,
  ],
  [
    'speech without words',
    'scenario: x\nsteps:\n  - say: {levelDb: -3}\n',
    /^x\.yaml:3: .*exactly one of text/,
  ],
  [
    'text and recording at once',
    'scenario: x\nsteps:\n  - say: {text: a, wav: b.wav}\n',
    /exactly one of text/,
  ],
  ['an empty text', 'scenario: x\nsteps:\n  - say: " "\n', /^x\.yaml:3: .*words to say/],
  ['a misspelt option', 'scenario: x\nvoise: rms\nsteps:\n  - say: a\n', /"voise"/],
  ['keys that no phone has', 'scenario: x\nsteps:\n  - press: A\n', /^x\.yaml:3: .*keys are/],
  [
    'noise without a kind',
    'scenario: x\nbackground: {levelDb: -20}\nsteps: [hangUp]\n',
    /^x\.yaml:2: .*noise or wav/,
  ],
  [
    'a pattern that is none',
    'scenario: x\nsteps: [hangUp]\nexpect:\n  agentSays: "("\n',
    /^x\.yaml:4: .*regular/,
  ],
  [
    'an outcome that no call has',
    'scenario: x\nsteps: [hangUp]\nexpect:\n  outcome: happy\n',
    /^x\.yaml:4: expect\.outcome: must be caller-hung-up or agent-hung-up or /,
  ],
  [
    'a number where a text is wanted',
    'scenario: x\nfrom: 15550142\nsteps: [hangUp]\n',
    /^x\.yaml:2: from: must be in quotes: "15550142"$/,
  ],
  ['a file without steps', 'scenario: x\n', /^x\.yaml:1: steps: is missing$/],
  ['an empty file', '', /^x\.yaml:1: /],
  ['broken YAML', 'scenario: x\nsteps: [say\n', /^x\.yaml:\d+: /],
  ['a list instead of a scenario', '- say: a\n', /^x\.yaml:1: /],
])('%s is refused with its line', (_, yaml, expected) => {
  expect(problem(yaml)).toMatch(expected);
});

test('all problems are told at once', () => {
  expect(problem('scenario: ""\nsteps: []\n').split('\n')).toHaveLength(2);
});
