import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ServerProcess, ServerStartError } from './server-process.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'earshot-server-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function start(source: string, readyWithinMs = 20_000): Promise<ServerProcess> {
  const main = path.join(folder, 'main.mjs');
  await writeFile(main, source);
  const options = { main, environment: {}, logFile: path.join(folder, 'log'), readyWithinMs };
  return ServerProcess.start(options, AbortSignal.timeout(30_000));
}

const listening = (status: string) => `
import { createServer } from 'node:http';
let asked = 0;
createServer((request, response) => {
  response.writeHead(${status});
  response.end('warming up');
}).listen(Number(process.env.WS_PORT), process.env.WS_HOST);`;

test('a server is awaited until it is ready, and ended afterwards', async () => {
  const server = await start(listening('asked++ < 3 ? 503 : 200'));
  const { base } = server;
  expect((await fetch(`${base}/health/ready`)).ok).toBe(true);
  await server[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await expect(fetch(base)).rejects.toThrow();
});

test('a server that ends at once is told with its log', async () => {
  await expect(start('process.exitCode = 1;')).rejects.toThrow(ServerStartError);
});

test('a server that never becomes ready is told with its reason, and does not stay behind', async () => {
  await expect(start(listening('503'), 600)).rejects.toThrow(/not ready after 0\.6 s: .*/);
});
