import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedTwilio extends AsyncDisposable {
  readonly url: string;
  /** What was asked, for example `POST Calls.json`. */
  readonly asked: readonly string[];
}

export const CALL_SID = `CA${'7'.repeat(32)}`;

const CALL = {
  ...{ sid: CALL_SID, status: 'queued', direction: 'outbound-api', answered_by: null },
  ...{ date_created: null, start_time: null, end_time: null },
};

/** Takes every dial and every change of a call. */
export async function startScriptedTwilio(): Promise<ScriptedTwilio> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.split('/').at(-1)}`);
    request.resume();
    response.writeHead(request.url?.endsWith('/Calls.json') ? 201 : 200, {
      'content-type': 'application/json',
    });
    response.end(JSON.stringify(CALL));
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
