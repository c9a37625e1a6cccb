import {
  type Call,
  type CallMetrics,
  type LiveEvent,
  type LiveEvents,
  statusOf,
} from '@earshot/calls';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Numbers that are read when somebody asks for the metrics. */
export interface Levels {
  readonly activeCalls: () => number;
  readonly hostedCalls: () => number;
  readonly queuedDials: () => number;
  readonly warmAgents: () => number;
  readonly droppedEvents: () => number;
  /** By courier: what was sent and neither delivered nor dropped, and what went to the disk. */
  readonly couriers: () => Readonly<Record<string, CourierCounts>>;
}

interface CourierCounts {
  readonly sent: number;
  readonly delivered: number;
  readonly spooled: number;
  readonly dropped: number;
}

const SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60];
const CALL_SECONDS = [5, 10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600];
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const GAP_SECONDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1.2, 1.6, 2, 3, 5, 10];

/** What Prometheus reads. Labels are of a closed list each: no number, no id, no word of a call. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = this.#histogram(
    'earshot_http_request_duration_seconds',
    'Requests and their latency',
    REQUEST_SECONDS,
    ['method', 'route', 'status'],
  );
  readonly #ended = this.#counter('earshot_calls_total', 'Calls that have ended', [
    'direction',
    'status',
    'reason',
    'blame',
  ]);
  readonly #duration = this.#histogram(
    'earshot_call_duration_seconds',
    'From the answer to the end',
    CALL_SECONDS,
    ['direction'],
  );
  readonly #timeToAnswer = this.#histogram(
    'earshot_call_time_to_answer_seconds',
    'From the order or the ring to the answer',
    SECONDS,
    ['direction'],
  );
  readonly #gap = this.#histogram(
    'earshot_reply_gap_seconds',
    'From the caller’s last voice to the first sound of the reply',
    GAP_SECONDS,
    [],
  );
  readonly #bargeIns = this.#counter('earshot_barge_ins_total', 'Callers who took the floor', []);
  readonly #frames = this.#counter('earshot_audio_frames_total', '20 ms frames of audio', ['kind']);
  readonly #webhooks = this.#counter('earshot_webhooks_total', 'Webhooks to users’ servers', [
    'event',
    'result',
  ]);

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  request(method: string, route: string, status: number, ms: number): void {
    this.#requests.observe({ method, route, status: `${status}` }, ms / 1_000);
  }

  callEnded(call: Call): void {
    const { direction, outcome, createdAtMs, answeredAtMs, endedAtMs } = call;
    const { reason = 'internal-error', blame = 'us' } = outcome ?? {};
    this.#ended.inc({ direction, status: statusOf(call), reason, blame });
    if (answeredAtMs === null) return;
    this.#timeToAnswer.observe({ direction }, Math.max(0, answeredAtMs - createdAtMs) / 1_000);
    if (endedAtMs !== null)
      this.#duration.observe({ direction }, Math.max(0, endedAtMs - answeredAtMs) / 1_000);
  }

  /** Of one call, once. */
  audio(metrics: CallMetrics): void {
    this.#frames.inc({ kind: 'sent' }, metrics.totalAudioFramesSent);
    this.#frames.inc({ kind: 'received' }, metrics.totalAudioFramesReceived);
    this.#frames.inc({ kind: 'dropped' }, metrics.totalAudioFramesDropped);
  }

  webhook(event: string, result: 'delivered' | 'failed' | 'given-up'): void {
    this.#webhooks.inc({ event, result });
  }

  /** The same events, counted as this instance tells them. */
  counting(events: LiveEvents): LiveEvents {
    return {
      tell: (event) => {
        this.#observe(event);
        events.tell(event);
      },
      listen: (callId, signal) => events.listen(callId, signal),
      get dropped() {
        return events.dropped;
      },
    };
  }

  levels(levels: Levels): void {
    this.#gauge('earshot_active_calls', 'Calls whose audio is here', levels.activeCalls);
    this.#gauge('earshot_hosted_calls', 'Calls whose life is hosted here', levels.hostedCalls);
    this.#gauge('earshot_queued_dials', 'Calls that wait to be dialled', levels.queuedDials);
    this.#gauge('earshot_warm_agents', 'Agents that wait for their call', levels.warmAgents);
    this.#gauge('earshot_live_events_dropped', 'Live events lost on the way', levels.droppedEvents);
    const couriers = new Gauge({
      name: 'earshot_courier_entries',
      help: 'Reports and records on their way, by what became of them',
      labelNames: ['courier', 'state'],
      registers: [this.registry],
      collect: () => {
        for (const [courier, counts] of Object.entries(levels.couriers()))
          for (const [state, value] of Object.entries(counts))
            couriers.set({ courier, state }, value);
      },
    });
  }

  #observe({ type, data }: LiveEvent): void {
    if (type === 'barge-in') this.#bargeIns.inc();
    if (type !== 'reply-timed' || data.answer !== true) return;
    const { pauseMs } = (data.timing ?? {}) as { readonly pauseMs?: unknown };
    if (typeof pauseMs === 'number') this.#gap.observe(pauseMs / 1_000);
  }

  #gauge(name: string, help: string, level: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(level());
      },
    });
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]) {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  #histogram<Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: readonly Label[],
  ) {
    const registers = [this.registry];
    return new Histogram({ name, help, buckets, labelNames: [...labelNames], registers });
  }
}
