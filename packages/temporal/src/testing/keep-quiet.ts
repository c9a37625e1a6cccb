import { IllegalStateError } from '@temporalio/common';
import { DefaultLogger, Runtime } from '@temporalio/worker';

/** Tests read what is asserted, not what Temporal tells of workers that are killed on purpose. */
export function keepQuiet(): void {
  try {
    Runtime.install({
      shutdownSignals: [],
      logger: new DefaultLogger('ERROR', () => {}),
      telemetryOptions: { logging: { forward: {}, filter: 'OFF' } },
    });
  } catch (error) {
    // Another test of this process has done it already.
    if (!(error instanceof IllegalStateError)) throw error;
  }
}
