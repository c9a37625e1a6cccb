import { callActivities, type LiveEvents, type SessionStore } from '@earshot/calls';
import { PostgresCallStore, PostgresOutbox } from '@earshot/postgres';
import type { RedisConfig } from '@earshot/process';
import { openRedis } from '@earshot/redis';
import { installTelemetry, startCallWorker } from '@earshot/temporal';
import type { Logger } from 'pino';
import { announce } from './announce.ts';
import type { Config } from './config.ts';
import { openHealth } from './health.ts';
import { openCarrier } from './open-carrier.ts';
import { openStore } from './open-store.ts';

export interface RunningWorker extends AsyncDisposable {
  readonly healthUrl: string;
  /** Resolves when it was stopped; rejects when it cannot go on. */
  readonly stopped: Promise<void>;
}

/** Wires the worker. Whatever was opened is closed in reverse, also when a later step fails. */
export async function start(
  config: Config,
  log: Logger,
  signal: AbortSignal,
): Promise<RunningWorker> {
  const { host, metricsPort, healthPort, webhookUrl } = config;
  installTelemetry({
    metricsAddress: metricsPort === 0 ? null : `${host}:${metricsPort}`,
    logLevel: config.logLevel === 'silent' ? 'error' : config.logLevel,
    log: (level, message, facts) => log[level](facts, message),
  });
  await using opened = new AsyncDisposableStack();
  let isReady = () => false;
  const health = opened.use(await openHealth({ host, port: healthPort }, () => isReady()));
  const database = opened.use(await openStore(config.database, log, signal));
  const { sessions, events } = await openShared(config.redis, log, opened);
  const store = new PostgresCallStore(database);
  const told = { events, outbox: new PostgresOutbox(database), webhookUrl, log };
  const worker = opened.use(
    await startCallWorker(
      {
        ...config.temporal,
        ...config,
        dialsPerSecond: config.callsPerSecond,
        activities: callActivities({
          ...{ carrier: openCarrier(config.twilio, store), store, sessions },
          announce: (event) => announce(told, event),
        }),
        onAway: (err) => log.warn({ err }, 'Temporal is away'),
      },
      signal,
    ),
  );
  isReady = () => worker.ready;
  const all = opened.move();
  return {
    healthUrl: health.url,
    stopped: worker.stopped,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Without Redis nobody is told at once: servers learn of it from the database. */
async function openShared(
  redis: RedisConfig | null,
  log: Logger,
  opened: AsyncDisposableStack,
): Promise<{ sessions: Pick<SessionStore, 'end'>; events: Pick<LiveEvents, 'tell'> }> {
  if (redis === null) {
    log.warn('without Redis, servers are not told how calls go on');
    return { sessions: { end: async () => {} }, events: { tell: () => {} } };
  }
  const onChange = (isThere: boolean, reason: string | null) => {
    if (isThere) log.info('Redis is there');
    else log.warn({ reason }, 'Redis is away');
  };
  const { url, sessionTtlMs } = redis;
  return opened.use(await openRedis({ url: new URL(url), sessionTtlMs, onChange }));
}
