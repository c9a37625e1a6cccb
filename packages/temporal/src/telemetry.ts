import { DefaultLogger, type LogLevel, Runtime } from '@temporalio/worker';

export interface TelemetryOptions {
  /** Host and port where Prometheus finds the worker's figures; null: nowhere. */
  readonly metricsAddress: string | null;
  /** Told what Temporal's own code has to say, from this level on. */
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly log: (
    level: 'debug' | 'info' | 'warn' | 'error',
    message: string,
    facts: object,
  ) => void;
}

const LEVELS = {
  TRACE: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
} as const;

/**
 * Sets up what Temporal tells of itself, and leaves signals to the process. Once a process, before
 * anything else of Temporal is opened.
 */
export function installTelemetry({ metricsAddress, logLevel, log }: TelemetryOptions): void {
  const level = logLevel.toUpperCase() as LogLevel;
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger(level, (entry) => {
      log(LEVELS[entry.level], entry.message, { ...entry.meta });
    }),
    telemetryOptions: {
      logging: { forward: {}, filter: { core: level, other: 'ERROR' } },
      ...(metricsAddress !== null && {
        metrics: { prometheus: { bindAddress: metricsAddress, countersTotalSuffix: true } },
      }),
    },
  });
}
