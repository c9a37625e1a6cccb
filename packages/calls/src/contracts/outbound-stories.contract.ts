import { describe, expect, test } from 'vitest';
import type { CallPlan } from '../call.ts';
import { Story } from './story.fake.ts';
import type { StoryStage } from './story-stage.fake.ts';

/** Calls that we place. */
export function outboundStories(stage: () => StoryStage): void {
  const open = (plan?: Partial<CallPlan>) => Story.open(stage(), plan);

  test('a callee answers, talks and hangs up', async () => {
    await using story = await open();
    const { carrier, told } = story.parts;
    const longEnoughToBeNoted = { ringsMs: 4 * story.tickMs, talksMs: 4 * story.tickMs };
    carrier.callee = { ...carrier.callee, ...longEnoughToBeNoted };
    await story.order();
    const call = await story.ends('completed');
    expect(told.map((event) => event.call.phase)).toEqual([
      'queued',
      'ringing',
      'answered',
      'ended',
    ]);
    expect(call.carrierCallId).toBe(carrier.calls[0]?.carrierCallId);
    expect(call.ringingAtMs).toBeLessThanOrEqual(call.answeredAtMs ?? 0);
    expect(call.answeredAtMs).toBeLessThan(call.endedAtMs ?? 0);
  });

  test('the agent says goodbye, and the phone leg is ended by us', async () => {
    await using story = await open();
    await story.order();
    await story.talks();
    story.parts.audio.end(story.plan.id, 'agent-hung-up');
    await story.ends('completed');
    expect(story.parts.carrier.calls[0]).toMatchObject({ endedByUs: true, status: 'completed' });
  });

  test.each(['busy', 'fails'] as const)('the callee: %s', async (does) => {
    await using story = await open();
    story.parts.carrier.callee = { ...story.parts.carrier.callee, does };
    await story.order();
    const call = await story.ends(does === 'busy' ? 'busy' : 'carrier-failed');
    expect(call.answeredAtMs).toBeNull();
  });

  test('nobody answers, as the carrier says', async () => {
    await using story = await open();
    story.parts.carrier.callee = { ...story.parts.carrier.callee, ringsMs: 1e9 };
    await story.order();
    await story.ends('no-answer');
    expect(story.parts.carrier.calls[0]).toMatchObject({ status: 'no-answer', endedByUs: false });
  });

  test('the callee hangs up at once, before there is audio', async () => {
    await using story = await open();
    story.parts.carrier.callee = { ...story.parts.carrier.callee, talksMs: 0 };
    await story.order();
    const call = await story.ends('completed');
    expect(call.answeredAtMs).not.toBeNull();
  });

  test.each(['machine', 'fax'] as const)('a %s answers, and that is not wanted', async (who) => {
    await using story = await open({ machineDetection: 'hang-up' });
    story.parts.carrier.callee = { ...story.parts.carrier.callee, answeredBy: who };
    await story.order();
    const call = await story.ends('voicemail');
    expect(call.answeredBy).toBe(who);
    expect(story.parts.carrier.calls[0]?.endedByUs).toBe(true);
  });

  test('a machine answers, and that is only reported', async () => {
    await using story = await open({ machineDetection: 'report' });
    const { carrier } = story.parts;
    carrier.callee = { ...carrier.callee, answeredBy: 'machine', talksMs: 5 * story.tickMs };
    await story.order();
    const call = await story.ends('completed');
    expect(call.answeredBy).toBe('machine');
  });

  test.each([
    [21211, 'number-refused'],
    [21219, 'number-refused'],
    [21210, 'dial-refused'],
    [20003, 'dial-refused'],
  ] as const)('the carrier refuses with %i', async (carrierCode, reason) => {
    await using story = await open();
    story.parts.carrier.dialManners = { type: 'refuses', carrierCode };
    await story.order();
    await story.ends(reason);
    expect(story.parts.carrier.calls).toEqual([]);
  });

  test('the carrier is down when we dial', async () => {
    await using story = await open();
    story.parts.carrier.dialManners = { type: 'is-down' };
    await story.order();
    await story.ends('carrier-down');
    expect(story.parts.carrier.dials).toBe(1);
  });

  describe('the answer to a dial is lost', () => {
    test('and the call is found later', async () => {
      await using story = await open();
      const { carrier } = story.parts;
      const foundAfterMs = (story.limits.findAfterMs[0] ?? 0) + story.tickMs / 2;
      carrier.dialManners = { type: 'loses-answer', foundAfterMs };
      carrier.callbackManners = () => [];
      carrier.callee = { ...carrier.callee, talksMs: 20 * story.tickMs };
      await story.order();
      await story.ends('completed');
      expect(carrier.dials).toBe(1);
    });

    test('and a callback tells of the call', async () => {
      await using story = await open();
      const { carrier } = story.parts;
      carrier.dialManners = { type: 'loses-answer', foundAfterMs: null };
      carrier.callee = { ...carrier.callee, talksMs: 4 * story.tickMs };
      await story.order();
      await story.ends('completed');
      expect(carrier.dials).toBe(1);
    });

    test('and no such call is ever found', async () => {
      await using story = await open();
      story.parts.carrier.dialManners = { type: 'loses-request' };
      await story.order();
      await story.ends('dial-unknown');
      expect(story.parts.carrier.dials).toBe(1);
    });

    test('and it is terminated before it is found: it does not go on ringing', async () => {
      await using story = await open({ ringTimeoutMs: 1e8 });
      const { carrier } = story.parts;
      carrier.dialManners = { type: 'loses-answer', foundAfterMs: story.tickMs };
      carrier.callbackManners = () => [];
      carrier.callee = { ...carrier.callee, ringsMs: 1e8 };
      await story.order();
      await story.until(() => carrier.calls.length === 1);
      await story.terminate();
      await story.ends('canceled');
      expect(carrier.calls[0]).toMatchObject({ status: 'canceled', endedByUs: true });
    });
  });

  test('a call is terminated before its turn: it is never dialled', async () => {
    await using story = await open();
    story.parts.queueIsHeld = true;
    await story.order();
    await story.terminate();
    await story.ends('canceled');
    expect(story.parts.carrier.dials).toBe(0);
  });

  test('a call is terminated while it rings', async () => {
    await using story = await open();
    const { carrier } = story.parts;
    carrier.callee = { ...carrier.callee, ringsMs: 1e8 };
    await story.order();
    await story.until(() => carrier.live[0]?.status === 'ringing');
    await story.terminate();
    const call = await story.ends('canceled');
    expect(call.answeredAtMs).toBeNull();
    expect(carrier.calls[0]).toMatchObject({ status: 'canceled', endedByUs: true });
  });

  test('the same call is ordered twice, and dialled once', async () => {
    await using story = await open();
    story.parts.carrier.callee = { ...story.parts.carrier.callee, talksMs: 4 * story.tickMs };
    await Promise.all([story.order(), story.order()]);
    await story.ends('completed');
    await story.order();
    await story.passes(5);
    expect(story.parts.carrier.dials).toBe(1);
  });
}
