import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { TemporalAddress } from '../temporal-address.ts';
import { keepQuiet } from './keep-quiet.ts';

export interface TemporalServer extends AsyncDisposable {
  readonly address: TemporalAddress;
  /** To look at what happened, and to do what an operator does. */
  readonly environment: TestWorkflowEnvironment;
}

interface ServerOptions {
  /** 0: any free port. */
  readonly port?: number;
  /** With it the server knows, started again, what it knew. */
  readonly file?: string;
}

/** A real Temporal server of one's own, from its binary. It answers in about a second. */
export async function startTemporalServer(
  cli: string,
  { port = 0, file }: ServerOptions = {},
): Promise<TemporalServer> {
  keepQuiet();
  const environment = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: cli },
      ip: '127.0.0.1',
      log: { format: 'pretty', level: 'never' },
      ...(port !== 0 && { port }),
      ...(file !== undefined && { dbFilename: file }),
    },
  });
  const address: TemporalAddress = {
    address: environment.address,
    namespace: environment.namespace ?? 'default',
    taskQueue: 'calls',
    tls: false,
    apiKey: null,
    payloadKeys: [],
  };
  return { address, environment, [Symbol.asyncDispose]: () => environment.teardown() };
}
