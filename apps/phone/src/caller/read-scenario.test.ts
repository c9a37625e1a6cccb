import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readScenario } from './read-scenario.ts';

test('a scenario that is not UTF-8 is refused, and no caller says half a letter', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'earshot-scenario-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'x.yaml');
  await writeFile(file, Buffer.from('scenario: x\nsteps: [{say: Köhler}]\n', 'latin1'));
  await expect(readScenario(file, 'x.yaml')).rejects.toMatchObject({
    code: 'scenario-invalid',
    message: expect.stringMatching(/^x\.yaml cannot be read: it is not UTF-8/),
  });
});
