import type { CallActivities, CallPlan, CarrierCall, DialResult, Outcome } from '@earshot/calls';

/** What the script asked for, in order, for example `dial call-1`. */
type Asked = string;

/** Activities without a carrier or a database: they tell what was asked, and answer as they are told. */
export class ScriptedActivities implements CallActivities {
  readonly asked: Asked[] = [];
  readonly outcomes = new Map<string, Outcome[]>();
  /** What `dial` does; throwing is allowed. */
  onDial = ScriptedActivities.dialled;
  found: CarrierCall | null = null;
  readonly #watchers = new Set<() => void>();

  static async dialled({ id }: CallPlan): Promise<DialResult> {
    return { type: 'dialled', carrierCallId: carrierIdOf(id) };
  }

  async begin(plan: CallPlan): Promise<boolean> {
    const first = !this.asked.includes(`dial ${plan.id}`);
    this.#tell(`begin ${plan.id}`);
    return first;
  }

  async turn(): Promise<void> {}

  async dial(plan: CallPlan): Promise<DialResult> {
    this.#tell(`dial ${plan.id}`);
    return this.onDial(plan);
  }

  async find(plan: CallPlan): Promise<CarrierCall | null> {
    this.#tell(`find ${plan.id}`);
    return this.found;
  }

  async lookUp(carrierCallId: string): Promise<CarrierCall | null> {
    this.#tell(`lookUp ${carrierCallId}`);
    return null;
  }

  async hangUp(carrierCallId: string): Promise<void> {
    this.#tell(`hangUp ${carrierCallId}`);
  }

  async note(plan: CallPlan): Promise<void> {
    this.#tell(`note ${plan.id}`);
  }

  async settle(plan: CallPlan, outcome: Outcome): Promise<void> {
    this.outcomes.set(plan.id, [...(this.outcomes.get(plan.id) ?? []), outcome]);
    this.#tell(`settle ${plan.id}`);
  }

  /** Resolves once this was asked. */
  async until(asked: Asked): Promise<void> {
    while (!this.asked.includes(asked)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#watchers.add(resolve);
      await promise;
      this.#watchers.delete(resolve);
    }
  }

  count(asked: Asked): number {
    return this.asked.filter((one) => one === asked).length;
  }

  #tell(asked: Asked): void {
    this.asked.push(asked);
    for (const watcher of this.#watchers) watcher();
  }
}

export function carrierIdOf(callId: string): string {
  return `CA-${callId}`;
}
