import { expect, test } from 'vitest';
import { demoOptions, UsageError } from './demo-options.ts';

test('without options the small engines talk in the demo’s scenario', () => {
  expect(demoOptions([], '/home/me')).toMatchObject({
    engines: 'small',
    scenarioFile: expect.stringMatching(/apps\/phone\/scenarios\/demo\.yaml$/),
    folder: '/home/me/out/demo',
  });
});

test('files are taken from where the command was typed', () => {
  expect(demoOptions(['--scenario', 'mine.yaml', '--out', 'there'], '/home/me')).toMatchObject({
    scenarioFile: '/home/me/mine.yaml',
    folder: '/home/me/there',
  });
});

test('help is no demo', () => {
  expect(demoOptions(['--help'], '/')).toBeNull();
});

test.each([[['--engines', 'best']], [['--enginse', 'small']], [['demo.yaml']]])(
  '%j is refused',
  (args) => {
    expect(() => demoOptions(args, '/')).toThrow(UsageError);
  },
);
