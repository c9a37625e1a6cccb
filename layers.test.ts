import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Bottom first. A package may depend on floors below its own, never on its own floor or above. */
const FLOORS = [
  ['audio', 'calls'],
  ['conversation'],
  ['twilio', 'local', 'postgres', 'redis', 'temporal', 'process'],
  ['server', 'worker', 'phone', 'bench'],
];

const floorOf = (name: string): number => FLOORS.findIndex((floor) => floor.includes(name));

const read = (file: string): { name: string; dependencies?: Record<string, string> } =>
  JSON.parse(readFileSync(file, 'utf8'));

const plain = (name: string): string => name.replace('@earshot/', '');

test.each([...globSync('{packages,apps}/*/package.json'), 'bench/package.json'])(
  '%s depends only on floors below',
  (file) => {
    const { name, dependencies = {} } = read(file);
    const own = floorOf(plain(name));
    expect(own, `${name} has no floor yet`).not.toBe(-1);
    const ours = Object.keys(dependencies).filter((dependency) =>
      dependency.startsWith('@earshot/'),
    );
    expect(ours.filter((dependency) => floorOf(plain(dependency)) >= own)).toEqual([]);
  },
);

test.each(FLOORS.slice(0, 2).flat())('%s needs nothing but the language', (name) => {
  const { dependencies = {} } = read(`packages/${name}/package.json`);
  const foreign = Object.keys(dependencies).filter(
    (dependency) => !dependency.startsWith('@earshot/'),
  );
  expect(foreign).toEqual([]);
});

test('what all processes do alike knows nothing of calls', () => {
  const { dependencies = {} } = read('packages/process/package.json');
  expect(Object.keys(dependencies)).toEqual(['pino', 'zod']);
});

test('the phone is the other side of the wire: it shares nothing with our Twilio adapter', () => {
  const { dependencies = {} } = read('apps/phone/package.json');
  expect(Object.keys(dependencies)).not.toContain('@earshot/twilio');
});
