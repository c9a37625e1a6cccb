import {
  CallError,
  type CallLifecycle,
  type CallPlan,
  type CallReport,
  type CallStore,
} from '@earshot/calls';
import type { Logger } from 'pino';
import { z } from 'zod';
import { Courier, type Judgement } from './courier.ts';
import { Spool } from './spool.ts';
import type { SpoolDisk } from './spool-disk.ts';

/** A report and its call, or the beginning of that call's life. JSON. */
type ReportEntry = { readonly callId: string } & (
  | { readonly report: CallReport }
  | { readonly begin: Beginning }
);

interface Beginning {
  readonly plan: CallPlan;
  readonly carrierCallId: string;
  /** It has waited on disk: the call may be over meanwhile. */
  readonly waited: boolean;
}

const callId = z.string();
const Written = z.union([
  z.object({
    callId,
    report: z.looseObject({
      type: z.enum(['carrier', 'answered-by', 'media-started', 'media-ended', 'terminate']),
    }),
  }),
  z.object({
    callId,
    begin: z.object({
      plan: z.looseObject({ id: z.string(), direction: z.enum(['inbound', 'outbound']) }),
      carrierCallId: z.string(),
      waited: z.boolean().transform(() => true),
    }),
  }),
]);

export interface ReportsOptions {
  readonly lifecycle: Pick<CallLifecycle, 'start' | 'report'>;
  /** Asked whether a call that has no life is over. */
  readonly calls: Pick<CallStore, 'find'>;
  /** Where reports outlive the process. */
  readonly disk: SpoolDisk;
  readonly log: Logger;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Begins the lives of calls that are already there, and hands reports to them, off the path of voice
 * and webhooks: in the order of each call, again while the lifecycle is away, and after a restart.
 * What is told of a life that has not begun yet waits a while for it; one that is over takes no more.
 */
export class Reports implements AsyncDisposable {
  readonly #courier: Courier<ReportEntry>;

  private constructor(courier: Courier<ReportEntry>) {
    this.#courier = courier;
  }

  static async open({ lifecycle, calls, disk, log, wait }: ReportsOptions): Promise<Reports> {
    const spool = await Spool.open<ReportEntry>({
      disk,
      name: REPORTS,
      parse: entryOf,
      onDiskFailed: (err) => log.error({ err }, 'reports cannot be kept on disk'),
    });
    const isOver = async (callId: string) => {
      const call = await calls.find(callId).catch(() => null);
      return call?.phase === 'ended';
    };
    const deliver = async (
      callId: string,
      entries: readonly ReportEntry[],
      signal: AbortSignal,
    ) => {
      try {
        for (const entry of entries) {
          if ('report' in entry) await lifecycle.report(callId, entry.report, signal);
          else if (!entry.begin.waited || !(await isOver(callId)))
            await lifecycle.start(entry.begin.plan, entry.begin.carrierCallId, signal);
        }
      } catch (cause) {
        if (!isUnknown(cause) || !(await isOver(callId))) throw cause;
        throw new CallError('call-over', 'The call is over', { cause });
      }
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

  /** An incoming call is answered first, and its life begins when it can. Never waits, never throws. */
  begin(plan: CallPlan, carrierCallId: string): void {
    this.#courier.send({ callId: plan.id, begin: { plan, carrierCallId, waited: false } });
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
  // Its life may begin yet, here or elsewhere.
  if (!(error instanceof CallError) || isUnknown(error)) return 'doubt';
  if (error.code === 'call-over') return 'drop';
  return error.retryable ? 'retry' : 'doubt';
}

function isUnknown(error: unknown): boolean {
  return error instanceof CallError && error.code === 'call-not-found';
}
