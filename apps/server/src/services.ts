import type { CallLifecycle, Carrier, Destinations } from '@earshot/calls';
import type { PacingClock } from '@earshot/twilio';
import type { Logger } from 'pino';
import type { Access } from './api/access.ts';
import type { OrderDefaults } from './api/call-order.ts';
import type { LiveCommands } from './api/live-commands.ts';
import type { CallPlans } from './call-plans.ts';
import type { SharedState, Stores } from './compose/stores.ts';
import type { Config } from './config.ts';
import type { LiveCalls } from './live/live-calls.ts';
import type { Recordings } from './live/recordings.ts';
import type { Records } from './live/records.ts';
import type { Reports } from './live/reports.ts';
import type { WarmAgents } from './live/warm-agents.ts';
import type { Metrics } from './metrics.ts';
import type { PublicUrls } from './public-urls.ts';
import type { Readiness } from './readiness.ts';
import type { SignatureCheck } from './signature-check.ts';
import type { StreamTokens } from './stream-tokens.ts';
import type { CallSids } from './twilio/call-sids.ts';

/** What the routes and the media socket work with. */
export interface Services extends Stores, SharedState {
  readonly config: Config;
  readonly log: Logger;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly urls: PublicUrls;
  readonly signatures: SignatureCheck;
  readonly tokens: StreamTokens;
  readonly clock: PacingClock;

  readonly access: Access;
  readonly orders: OrderDefaults;
  readonly destinations: Destinations;

  readonly carrier: Carrier;
  /** Whether more calls wait to be dialled here than should. */
  readonly dialling: { isFull(): boolean };
  readonly lifecycle: CallLifecycle;
  /** Of incoming calls, which are there before their life is. */
  readonly lives: Pick<Reports, 'begin'>;
  readonly reports: Reports;
  readonly records: Records;
  readonly plans: CallPlans;
  readonly callSids: CallSids;

  readonly warm: WarmAgents;
  readonly calls: LiveCalls;
  readonly commands: LiveCommands;
  readonly recordings: Recordings;

  /** Aborts when the server closes: whoever waits is answered as things stand. */
  readonly stopping: AbortSignal;
}
