import type { PacingClock } from '@earshot/twilio';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { CallRecords } from './live/call-records.ts';
import type { LiveCalls } from './live/unrecorded-calls.ts';
import type { PublicUrls } from './public-urls.ts';
import type { Readiness } from './readiness.ts';
import type { SignatureCheck } from './signature-check.ts';
import type { StreamTokens } from './stream-tokens.ts';

/** What the routes and the media socket work with. */
export interface Services {
  readonly environment: Config['environment'];
  readonly log: Logger;
  readonly readiness: Readiness;
  readonly urls: PublicUrls;
  readonly signatures: SignatureCheck;
  readonly tokens: StreamTokens;
  readonly records: CallRecords;
  readonly calls: LiveCalls;
  readonly clock: PacingClock;
}
