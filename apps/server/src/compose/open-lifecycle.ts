import { randomUUID } from 'node:crypto';
import {
  type CallActivityParts,
  type CallLifecycle,
  callActivities,
  EmbeddedLifecycle,
  type HostStore,
} from '@earshot/calls';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';

/** Whoever hosts the lives of calls. */
export interface HostedLives {
  readonly lifecycle: CallLifecycle;
  /** How many live here. */
  readonly size: () => number;
}

export interface LifecycleParts extends CallActivityParts {
  /** Null: no other process has the store. */
  readonly hosts: HostStore | null;
}

/**
 * Opens the host of calls' lives: Temporal where it is configured, else this process, which takes over
 * calls that were open when it, or another process on the same store, ended. It is closed with `opened`.
 */
export async function openLifecycle(
  { temporal }: Pick<Config, 'temporal'>,
  { hosts, ...parts }: LifecycleParts,
  log: Logger,
  opened: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<HostedLives> {
  if (temporal) {
    // Loaded where it is used: its client takes half a second.
    const { TemporalLifecycle } = await import('@earshot/temporal');
    const lifecycle = opened.use(new TemporalLifecycle(temporal));
    return { lifecycle, size: () => 0 };
  }
  const id = randomUUID();
  const lifecycle = opened.use(
    new EmbeddedLifecycle({
      activities: callActivities({ ...parts, host: id }),
      store: parts.store,
      ...(hosts && { host: { id, store: hosts } }),
      failed: (activity, err) => log.warn({ activity, err }, 'step of a call failed'),
    }),
  );
  const adopted = await lifecycle.adopt(signal);
  if (adopted > 0) log.info({ calls: adopted }, 'open calls taken over');
  return { lifecycle, size: () => lifecycle.size };
}
