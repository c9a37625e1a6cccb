import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Logger } from 'pino';
import { buildApp } from './build-app.ts';
import { openServices } from './compose/open-services.ts';
import type { Config } from './config.ts';
import { drain } from './drain.ts';
import type { Desk } from './live/desk.ts';
import { warningsOf } from './start-notices.ts';

/** A carrier that comes along, on this machine. */
export interface Emulator extends AsyncDisposable {
  /** Where its REST API is. */
  readonly url: string;
}

export interface StartOptions {
  readonly log: Logger;
  /** Opens what answers. The server listens meanwhile, and says that it is not ready. */
  readonly openDesk: (signal: AbortSignal) => Promise<Desk>;
  /** Starts the emulator, where the configuration wants it. None: calls do not go out then. */
  readonly startEmulator?: (signal: AbortSignal) => Promise<Emulator>;
}

export interface Server extends AsyncDisposable {
  /** Where callers and Twilio reach it. */
  readonly url: string;
  /** How many calls are spoken in here. */
  liveCalls(): number;
  /** Takes no new calls; resolves once those that ring or live have ended, or their grace has. */
  drain(): Promise<void>;
}

/** Starts the server. Whatever was opened is closed in reverse, also when a later step fails. */
export async function start(
  config: Config,
  { log, openDesk, startEmulator }: StartOptions,
  signal: AbortSignal,
): Promise<Server> {
  await portIsFree(config);
  await using opened = new AsyncDisposableStack();
  const emulatorUrl = openEmulator(config, startEmulator, opened, signal);
  // Whoever waits for it is told; nobody may come to that.
  emulatorUrl.catch(() => {});
  for (const warning of warningsOf(config)) log.warn(warning);
  const services = await openServices(config, { log, emulatorUrl }, opened, signal);
  const { readiness, calls, urls, warm } = services;
  const app = await buildApp(services);
  opened.use(app);
  await app.listen({ host: config.host, port: config.port });
  urls.listening((app.server.address() as AddressInfo).port);
  const desk = opened.use(await openDesk(signal));
  opened.defer(() => warm[Symbol.asyncDispose]());
  // First of all to be closed: calls need everything else.
  opened.defer(() => drain(services, 0));
  warm.open(desk);
  calls.open(desk);
  readiness.open();
  const resources = opened.move();
  return {
    url: urls.of('/'),
    liveCalls: () => calls.size,
    drain: () => drain(services, config.graceMs),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Throws as listening does. Asked first: whoever has to take another port leaves no database behind. */
async function portIsFree({ host, port }: Config): Promise<void> {
  await using probe = createServer().listen({ host, port });
  await once(probe, 'listening');
}

/** It starts while the stores are opened. */
async function openEmulator(
  { carrier }: Pick<Config, 'carrier'>,
  startEmulator: StartOptions['startEmulator'],
  opened: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<string | null> {
  if (carrier.type !== 'emulator' || !startEmulator) return null;
  const closing = new AbortController();
  const starting = startEmulator(AbortSignal.any([signal, closing.signal]));
  opened.defer(async () => {
    closing.abort();
    const started = await starting.catch(() => null);
    await started?.[Symbol.asyncDispose]();
  });
  return (await starting).url;
}
