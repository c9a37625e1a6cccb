import { describe, expect, test } from 'vitest';
import type { Carrier, CarrierCall, CarrierStatus, DialOrder } from '../carrier.ts';
import { isTerminal } from '../progress.ts';
import type { Callee } from './simulated-carrier.fake.ts';

/** A carrier, and the callees that it reaches. */
export interface CarrierStage extends AsyncDisposable {
  readonly carrier: Carrier;
  /** From a number of ours to one that it takes; another callee each time. */
  readonly order: DialOrder;
  /** A number, E.164, that it takes no calls to. */
  readonly refused: string;
  /** What whoever is called next does. */
  callee(callee: Pick<Callee, 'ringsMs' | 'does' | 'talksMs'>): void;
  /** Resolves once the condition holds. */
  until(condition: () => boolean | Promise<boolean>): Promise<void>;
}

const SHORT_MS = 50;
const LONG_MS = 3_600_000;
const UNKNOWN = `CA${'0'.repeat(32)}`;

/** What a script may expect of any carrier. */
export function carrierContract(name: string, open: () => Promise<CarrierStage>): void {
  const { signal } = new AbortController();

  /** What takes time on a virtual clock takes it while somebody waits. */
  async function does<T>(stage: CarrierStage, work: Promise<T>): Promise<T> {
    let over = false;
    const finish = () => {
      over = true;
    };
    work.then(finish, finish);
    await stage.until(() => over);
    return work;
  }

  async function lookUp(stage: CarrierStage, id: string): Promise<CarrierCall | null> {
    return does(stage, stage.carrier.lookUp(id, signal));
  }

  /** Dials, and waits until the call stands so. */
  async function dialled(
    stage: CarrierStage,
    callee: Pick<Callee, 'ringsMs' | 'does' | 'talksMs'>,
    status: CarrierStatus,
  ): Promise<string> {
    stage.callee(callee);
    const id = await does(stage, stage.carrier.dial(stage.order, signal));
    await reaches(stage, id, status);
    return id;
  }

  async function reaches(stage: CarrierStage, id: string, status: CarrierStatus): Promise<void> {
    let seen: CarrierCall | null = null;
    let asking = false;
    await stage.until(() => {
      if (!asking && seen?.status !== status) {
        asking = true;
        void stage.carrier.lookUp(id, signal).then(
          (call) => {
            seen = call;
            asking = false;
          },
          () => {
            asking = false;
          },
        );
      }
      return seen?.status === status;
    });
  }

  const patient = { ringsMs: SHORT_MS, does: 'answers', talksMs: null } as const;
  const absent = { ringsMs: LONG_MS, does: 'answers', talksMs: null } as const;

  describe(name, () => {
    test('a dialled call can be looked up, and found by its order', async () => {
      await using stage = await open();
      const id = await dialled(stage, patient, 'in-progress');
      const sinceMs = 0;
      const found = await does(stage, stage.carrier.find(stage.order, sinceMs, signal));
      expect(found).toMatchObject({ carrierCallId: id, status: 'in-progress', endedAtMs: null });
      await does(stage, stage.carrier.hangUp(id, signal));
    });

    test('a call that was never dialled is not found', async () => {
      await using stage = await open();
      expect(await does(stage, stage.carrier.find(stage.order, 0, signal))).toBeNull();
      expect(await lookUp(stage, UNKNOWN)).toBeNull();
    });

    test.each([
      ['busy', { ringsMs: SHORT_MS, does: 'busy', talksMs: null }],
      ['failed', { ringsMs: SHORT_MS, does: 'fails', talksMs: null }],
      ['completed', { ringsMs: SHORT_MS, does: 'answers', talksMs: SHORT_MS }],
    ] as const)('a call ends by itself: %s', async (status, callee) => {
      await using stage = await open();
      const id = await dialled(stage, callee, status);
      const call = await lookUp(stage, id);
      expect(call?.endedAtMs).not.toBeNull();
    });

    test('a number that it does not take is refused for good', async () => {
      await using stage = await open();
      const dial = stage.carrier.dial({ ...stage.order, to: stage.refused }, signal);
      await expect(does(stage, dial)).rejects.toMatchObject({
        ...{ name: 'CallError', code: 'carrier-refused', retryable: false },
        carrierCode: expect.any(Number),
      });
    });

    test('a ringing call is ended, and was not answered', async () => {
      await using stage = await open();
      const id = await dialled(stage, absent, 'ringing');
      await does(stage, stage.carrier.hangUp(id, signal));
      await reaches(stage, id, 'canceled');
    });

    test('a live call is ended', async () => {
      await using stage = await open();
      const id = await dialled(stage, patient, 'in-progress');
      await does(stage, stage.carrier.hangUp(id, signal));
      await reaches(stage, id, 'completed');
    });

    test('a call that is over is ended again without harm', async () => {
      await using stage = await open();
      const id = await dialled(stage, { ...patient, does: 'busy' }, 'busy');
      await does(stage, stage.carrier.hangUp(id, signal));
      const { status } = (await lookUp(stage, id)) ?? { status: 'queued' };
      expect(isTerminal(status) && status).toBe('busy');
    });

    test('what needs a live call says what it lacks', async () => {
      await using stage = await open();
      const id = await dialled(stage, absent, 'ringing');
      const { callId, to } = stage.order;
      const leg = { callId, carrierCallId: id };
      const early = does(stage, stage.carrier.transfer(leg, to, signal));
      await expect(early).rejects.toMatchObject({ code: 'call-not-answered' });
      await does(stage, stage.carrier.hangUp(id, signal));
      await reaches(stage, id, 'canceled');
      const late = does(stage, stage.carrier.transfer(leg, to, signal));
      await expect(late).rejects.toMatchObject({ code: 'call-over' });
      const digits = does(stage, stage.carrier.sendDigits(leg, '1', signal));
      await expect(digits).rejects.toMatchObject({ code: 'call-over' });
    });
  });
}
