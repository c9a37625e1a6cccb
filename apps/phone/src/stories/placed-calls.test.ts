import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { levelDbfs, parseWav } from '@earshot/audio';
import { expect, test } from 'vitest';
import { CallsApi } from './calls-api.ts';
import { ProductProcess } from './product-process.ts';
import { storyEnvironment } from './story-environment.ts';

test('with nothing configured, one POST /calls has a callee talk with the agent, and all of it is told', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'earshot-story-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const environment = storyEnvironment(folder);
  const server = stack.use(await ProductProcess.open({ main: 'server', folder, environment }));
  const api = new CallsApi(server.base);
  const id = await api.place({ phone_number: '+12025550142', record: true });
  const [events, call] = await Promise.all([api.events(id), api.ended(id)]);
  const { turns } = await api.transcript(id);
  console.log(JSON.stringify(call), JSON.stringify(turns), events.map(e=>e.event).join());
}, 180_000);
