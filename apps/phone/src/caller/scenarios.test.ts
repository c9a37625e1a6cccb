import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseScenario } from './parse-scenario.ts';

const folder = new URL('../../scenarios/', import.meta.url).pathname;
const files = globSync('*.yaml', { cwd: folder });

test.each(files)('%s can be played', (file) => {
  const { steps } = parseScenario(readFileSync(`${folder}${file}`, 'utf8'), file);
  expect(steps.length).toBeGreaterThan(0);
});

test('there are scenarios', () => {
  expect(files).toContain('demo.yaml');
});
