import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Health extends AsyncDisposable {
  readonly url: string;
}

/** `/health/live` while the process runs; `/health/ready`, and `/health`, while it takes work. */
export async function openHealth(
  { host, port }: { readonly host: string; readonly port: number },
  isReady: () => boolean,
): Promise<Health> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://worker');
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, {});
    if (pathname === '/health/live') return answer(response, 200, { status: 'alive' });
    if (pathname !== '/health' && pathname !== '/health/ready') return answer(response, 404, {});
    if (isReady()) answer(response, 200, { status: 'ready' });
    else answer(response, 503, { status: 'not_ready', reason: 'The worker takes no work now' });
  });
  server.listen({ host, port });
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}
