import type { AddressInfo } from 'node:net';
import { PacingClock } from '@earshot/twilio';
import type { Logger } from 'pino';
import { buildApp } from './build-app.ts';
import type { Config } from './config.ts';
import { CallRecords } from './live/call-records.ts';
import type { Desk } from './live/desk.ts';
import { callOf, LiveCalls } from './live/unrecorded-calls.ts';
import { PublicUrls } from './public-urls.ts';
import { Readiness } from './readiness.ts';
import { SignatureCheck } from './signature-check.ts';
import { StreamTokens } from './stream-tokens.ts';

export interface StartOptions {
  readonly log: Logger;
  /** Opens what answers. The server listens meanwhile, and says that it is not ready. */
  readonly openDesk: (signal: AbortSignal) => Promise<Desk>;
}

export interface Server extends AsyncDisposable {
  /** Where callers and Twilio reach it. */
  readonly url: string;
  /** Takes no new calls; resolves once those that live have ended, or their grace has. */
  drain(): Promise<void>;
}

/** Starts the server. Whatever was opened is closed in reverse, also when a later step fails. */
export async function start(
  config: Config,
  { log, openDesk }: StartOptions,
  signal: AbortSignal,
): Promise<Server> {
  await using opened = new AsyncDisposableStack();
  const clock = opened.use(new PacingClock());
  const readiness = new Readiness();
  const urls = new PublicUrls(config);
  const calls = new LiveCalls(log);
  const app = await buildApp({
    environment: config.environment,
    log,
    readiness,
    urls,
    calls,
    clock,
    signatures: new SignatureCheck(config.auth, urls),
    tokens: new StreamTokens(config.auth.tokens),
    records: new CallRecords(),
  });
  opened.use(app);
  await app.listen({ host: config.host, port: config.port });
  urls.listening((app.server.address() as AddressInfo).port);
  const desk = opened.use(await openDesk(signal));
  const drain = async (graceMs: number) => {
    readiness.close('The server is stopping');
    await calls.drain(graceMs);
  };
  // First of all to be closed: calls need everything else.
  opened.defer(() => drain(0));
  calls.open((record) => desk.answer(callOf(record, config.maxDurationMs)), desk.toolNames);
  readiness.open();
  const resources = opened.move();
  return {
    url: urls.of('/'),
    drain: () => drain(config.graceMs),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
