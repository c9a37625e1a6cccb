import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, expect, test } from 'vitest';
import { keepQuiet } from './testing/keep-quiet.ts';
import { workflowBundle } from './workflow-bundle.ts';

/**
 * Calls that were begun by older code must go on with newer code. When one of these fails, what the
 * script asks of the world has changed: see `record-histories.ts`.
 */
const FILES = globSync('histories/*.json', { cwd: import.meta.dirname });

const read = (file: string): unknown =>
  JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8'));

beforeAll(keepQuiet);

test('there are histories', () => {
  expect(FILES.map((file) => basename(file))).toContain('completed.json');
});

test.each(FILES)('%s is replayed by the script as it is now', async (file) => {
  await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, read(file));
});

test('a script that asks for something else is found out', async () => {
  const changed = fileURLToPath(new URL('testing/changed-script.fake.ts', import.meta.url));
  const logger = new DefaultLogger('ERROR');
  const bundle = await bundleWorkflowCode({ workflowsPath: changed, logger });
  await expect(
    Worker.runReplayHistory({ workflowBundle: bundle }, read('histories/completed.json')),
  ).rejects.toThrow(DeterminismViolationError);
});
