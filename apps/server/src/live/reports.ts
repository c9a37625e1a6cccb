import { CallError, type CallLifecycle, type CallReport } from '@earshot/calls';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Courier, type Judgement } from './courier.ts';
import { Spool } from './spool.ts';
import type { SpoolDisk } from './spool-disk.ts';

/** A report and its call. JSON. */
interface ReportEntry {
  readonly callId: string;
  readonly report: CallReport;
}

const Written = z.object({
  callId: z.string(),
  report: z.looseObject({
    type: z.enum(['carrier', 'answered-by', 'media-started', 'media-ended', 'terminate']),
  }),
});

export interface ReportsOptions {
  readonly lifecycle: Pick<CallLifecycle, 'report'>;
  /** Where reports outlive the process. */
  readonly disk: SpoolDisk;
  readonly log: Logger;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Hands reports to the calls' lives, off the path of voice and webhooks: in the order of each call,
 * again while the lifecycle is away, and after a restart. A life that is over takes no more.
 */
export class Reports implements AsyncDisposable {
  readonly #courier: Courier<ReportEntry>;

  private constructor(courier: Courier<ReportEntry>) {
    this.#courier = courier;
  }

  static async open({ lifecycle, disk, log, wait }: ReportsOptions): Promise<Reports> {
    const spool = await Spool.open<ReportEntry>({
      disk,
      name: REPORTS,
      parse: entryOf,
      onDiskFailed: (err) => log.error({ err }, 'reports cannot be kept on disk'),
    });
    const deliver = async (
      callId: string,
      entries: readonly ReportEntry[],
      signal: AbortSignal,
    ) => {
      for (const { report } of entries) await lifecycle.report(callId, report, signal);
    };
    const courier = new Courier({
      spool,
      deliver,
      judge,
      log: log.child({ courier: REPORTS }),
      ...(wait && { wait }),
    });
    return new Reports(courier);
  }

  /** Never waits and never throws. */
  tell(callId: string, report: CallReport): void {
    this.#courier.send({ callId, report });
  }

  /** Resolves once nothing waits. */
  settled(): Promise<void> {
    return this.#courier.settled();
  }

  get counts(): Courier<ReportEntry>['counts'] {
    return this.#courier.counts;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#courier[Symbol.asyncDispose]();
  }
}

/** Begins the names of its files in the spool. */
export const REPORTS = 'reports';

function entryOf(value: unknown): ReportEntry | null {
  const parsed = Written.safeParse(value);
  return parsed.success ? (parsed.data as unknown as ReportEntry) : null;
}

function judge(error: unknown): Judgement {
  if (!(error instanceof CallError)) return 'doubt';
  if (error.code === 'call-not-found' || error.code === 'call-over') return 'drop';
  return error.retryable ? 'retry' : 'doubt';
}
