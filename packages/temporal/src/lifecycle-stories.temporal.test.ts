import process from 'node:process';
import { lifecycleStories } from '@earshot/calls/contracts';
import { afterAll, beforeAll, describe } from 'vitest';
import { findTemporalCli, HOW_TO_GET_TEMPORAL } from './testing/temporal-cli.ts';
import { startTemporalServer, type TemporalServer } from './testing/temporal-server.ts';
import { TemporalStage } from './testing/temporal-stage.fake.ts';

const cli = findTemporalCli(process.env);
const absent = cli === null && !process.env.CI;

/** Stories have moments that a machine which is busy beyond measure may miss. */
const patience = { retry: 1, timeout: 120_000 };

describe.skipIf(absent)(
  `stories of calls${absent ? `: ${HOW_TO_GET_TEMPORAL}` : ''}`,
  patience,
  () => {
    let server: TemporalServer;
    let stage: TemporalStage;

    beforeAll(async () => {
      server = await startTemporalServer(cli ?? 'temporal');
      stage = await TemporalStage.open(server.address);
    });

    afterAll(async () => {
      await stage[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    });

    lifecycleStories('on Temporal', () => stage.story(), { concurrent: true });
  },
);
