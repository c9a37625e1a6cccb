import { randomUUID } from 'node:crypto';
import { join, parse } from 'node:path';
import { type ApiKeyStore, type Call, Destinations, DialQueue, SYSTEM_CLOCK } from '@earshot/calls';
import { PacingClock } from '@earshot/twilio';
import type { Logger } from 'pino';
import { Access } from '../api/access.ts';
import { LiveCommands } from '../api/live-commands.ts';
import { CallPlans } from '../call-plans.ts';
import { DEVELOPMENT_NUMBER } from '../config/carrier.ts';
import type { Config } from '../config.ts';
import { LiveCalls } from '../live/live-calls.ts';
import { Recordings } from '../live/recordings.ts';
import { RECORDS, Records } from '../live/records.ts';
import { REPORTS, Reports } from '../live/reports.ts';
import { Sessions } from '../live/sessions.ts';
import { type SpoolDisk, spoolDisk } from '../live/spool-disk.ts';
import { WarmAgents } from '../live/warm-agents.ts';
import { Metrics } from '../metrics.ts';
import { destinationOf } from '../phone-number.ts';
import { PublicUrls } from '../public-urls.ts';
import { Readiness } from '../readiness.ts';
import type { Services } from '../services.ts';
import { SignatureCheck } from '../signature-check.ts';
import { StreamTokens } from '../stream-tokens.ts';
import { CallSids } from '../twilio/call-sids.ts';
import { Announcements } from './announcements.ts';
import { EndedCalls } from './ended-calls.ts';
import { memoryDisk } from './memory-disk.ts';
import { openCarrier } from './open-carrier.ts';
import { openLifecycle } from './open-lifecycle.ts';
import { openShared, openStores } from './open-stores.ts';
import { openWebhooks } from './open-webhooks.ts';
import { recordStore } from './record-store.ts';

/** Calls that wait to be dialled. */
const MOST_WAITING = 100;

export interface OpenOptions {
  readonly log: Logger;
  /** Where the emulator's API is, once it has started; null: it does not come along. */
  readonly emulatorUrl: Promise<string | null>;
}

/** All but what the HTTP side itself gives. */
export type OpenedServices = Omit<Services, 'stopping'>;

/** Opens all that the server is made of. What it opens is closed with `opened`, in reverse. */
export async function openServices(
  config: Config,
  { log, emulatorUrl }: OpenOptions,
  opened: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<OpenedServices> {
  const base = await openBase(config, log, opened, signal);
  const { stores, shared, events, metrics, urls, tokens, plans } = base;
  const { store, hosts, keys } = stores;
  const carrier = openCarrier({ config, emulatorUrl: await emulatorUrl, urls, tokens, store });
  let calls: LiveCalls | null = null;
  // Where the carrier cannot be asked to hang up, the audio ends all the same.
  const endAudio = (callId: string) => calls?.end(callId);
  const kept = await openKept(config, { ...base, endAudio }, log, opened);
  const announce = kept.announcements.announce.bind(kept.announcements);
  const { callsPerSecond } = config.api;
  const queue = new DialQueue({ clock: SYSTEM_CLOCK, callsPerSecond, mostWaiting: MOST_WAITING });
  const activities = { carrier, store, hosts, sessions: shared.sessions, queue, announce };
  const hosted = await openLifecycle(config, activities, log, opened, signal);
  const disk = diskOf(config, REPORTS);
  const { lifecycle } = hosted;
  const reports = opened.use(await Reports.open({ lifecycle, calls: store, disk, log }));
  const live = new LiveCalls({ ...kept, log, reports, live: events });
  calls = live;
  const isShared = config.redis !== null;
  const commands = opened.use(new LiveCommands({ calls: live, events, shared: isShared }));
  metrics.levels({
    activeCalls: () => live.size,
    hostedCalls: hosted.size,
    queuedDials: () => queue.waiting,
    warmAgents: () => kept.warm.size,
    droppedEvents: () => events.dropped,
    couriers: () => ({ reports: reports.counts, records: kept.records.counts }),
  });
  return {
    ...{
      config,
      log,
      metrics,
      urls,
      tokens,
      plans,
      carrier,
      dialling: { isFull: () => queue.waiting >= MOST_WAITING },
      lives: reports,
      reports,
      calls: live,
      commands,
    },
    ...stores,
    ...{ ...kept, sessions: shared.sessions, events },
    clock: opened.use(new PacingClock()),
    readiness: new Readiness(),
    signatures: new SignatureCheck(config.auth, urls),
    lifecycle: hosted.lifecycle,
    callSids: new CallSids(store),
    ...doorOf(config, keys, log),
  };
}

/** What everything else needs. */
async function openBase(
  config: Config,
  log: Logger,
  opened: AsyncDisposableStack,
  signal: AbortSignal,
) {
  const stores = await openStores(config, log, opened, signal);
  const shared = await openShared(config, log, opened);
  const metrics = new Metrics();
  return {
    stores,
    shared,
    metrics,
    events: metrics.counting(shared.events),
    urls: new PublicUrls(config),
    tokens: new StreamTokens(config.auth.tokens),
    plans: new CallPlans({ store: stores.store, maxDurationMs: config.maxDurationMs }),
  };
}

interface Base extends Awaited<ReturnType<typeof openBase>> {
  readonly endAudio: (callId: string) => void;
}

/** What live calls leave behind, and what waits for them. */
async function openKept(
  config: Config,
  { stores, shared, events, metrics, plans, endAudio }: Base,
  log: Logger,
  opened: AsyncDisposableStack,
) {
  const { store, outbox } = stores;
  const [instance, now] = [randomUUID(), Date.now];
  const sessions = new Sessions({ store: shared.sessions, calls: store, instance, log, now });
  const warm = opened.use(new WarmAgents({ log, sessions, events, instance, now }));
  const ended = (call: Call) => {
    metrics.callEnded(call);
    plans.forget(call.id);
    warm.drop(call.id);
    endAudio(call.id);
  };
  if (config.temporal) opened.use(new EndedCalls({ events, store, plans, ended, log }));
  const announcements = new Announcements({
    events,
    outbox,
    log,
    webhookUrl: config.webhook?.url ?? null,
    nudge: openWebhooks(config, { outbox, metrics, log }, opened),
    ended,
  });
  const told = recordStore(store, announcements, metrics);
  const disk = diskOf(config, RECORDS);
  const records = opened.use(await Records.open({ store: told, disk, log }));
  const directory = join(config.dataDir, 'recordings');
  const marks = join(spoolOf(config), 'recordings');
  const recordings = new Recordings({ directory, marks, log });
  await recordings.repair();
  return { sessions, warm, announcements, records, recordings };
}

/** Who is let in, and what they may do. */
function doorOf(
  { api, environment, carrier, maxDurationMs, receptionist }: Config,
  keys: ApiKeyStore,
  log: Logger,
) {
  const from = carrier.type === 'none' ? DEVELOPMENT_NUMBER : carrier.phoneNumber;
  return {
    access: new Access({
      keys,
      log,
      inDevelopment: environment === 'development',
      requestsPerMinute: api.requestsPerMinute,
    }),
    destinations: new Destinations({
      countries: api.allowedCountries,
      ownNumber: from,
      ownCountry: destinationOf(from).country ?? 'US',
      hourlyPerKey: api.callsPerHour,
      now: () => performance.now(),
    }),
    orders: { from, maxDurationMs, receptionistId: parse(receptionist).name },
  };
}

function diskOf(config: Config, name: string): SpoolDisk {
  return config.database.type === 'memory' ? memoryDisk() : spoolDisk(spoolOf(config), name);
}

/** Two servers on one machine have two. */
function spoolOf({ dataDir, port }: Config): string {
  return join(dataDir, 'spool', String(port));
}
