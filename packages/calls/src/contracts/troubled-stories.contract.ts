import { describe, expect, test } from 'vitest';
import type { CallPlan } from '../call.ts';
import type { CallbackManners } from './simulated-carrier.fake.ts';
import { never, Story } from './story.fake.ts';
import type { StoryStage } from './story-stage.fake.ts';

/** Callbacks that come in any way, and houses in which something is down. */
export function troubledStories(stage: () => StoryStage): void {
  const open = (plan?: Partial<CallPlan>) => Story.open(stage(), plan);

  const manners: Record<string, (tickMs: number) => CallbackManners> = {
    'come in reverse order': (tickMs) => (serial) => [Math.max(0, 4 - serial) * tickMs],
    'come twice': (tickMs) => () => [0, tickMs],
    'come late': (tickMs) => () => [6 * tickMs],
    'never come': () => () => [],
  };

  describe.each(Object.entries(manners))('callbacks %s', (_name, callbacks) => {
    async function troubled(plan?: Partial<CallPlan>): Promise<Story> {
      const story = await open(plan);
      story.parts.carrier.callbackManners = callbacks(story.tickMs);
      return story;
    }

    test('a call that is answered', async () => {
      await using story = await troubled();
      const { carrier } = story.parts;
      carrier.callee = { ...carrier.callee, talksMs: 8 * story.tickMs };
      await story.order();
      await story.ends('completed');
    });

    test('a callee that is busy', async () => {
      await using story = await troubled();
      story.parts.carrier.callee = { ...story.parts.carrier.callee, does: 'busy' };
      await story.order();
      await story.ends('busy');
    });

    test('a callee that does not answer', async () => {
      await using story = await troubled();
      story.parts.carrier.callee = { ...story.parts.carrier.callee, ringsMs: 1e9 };
      await story.order();
      await story.ends('no-answer');
    });

    test('a call that is terminated when it was answered already', async () => {
      await using story = await troubled();
      story.parts.audio.comesAfterMs = null;
      await story.order();
      await story.until(() => story.parts.carrier.live[0]?.status === 'in-progress');
      await story.terminate();
      await story.ends('terminated');
    });
  });

  test('the carrier cannot be asked when the call is to end: its leg is ended as soon as it can', async () => {
    await using story = await open();
    const { carrier, audio } = story.parts;
    await story.order();
    await story.talks();
    carrier.isDown = true;
    audio.end(story.plan.id, 'agent-hung-up');
    await story.passes(2);
    expect(carrier.live).toHaveLength(1);
    carrier.isDown = false;
    await story.ends('completed');
    expect(carrier.calls[0]?.endedByUs).toBe(true);
  });

  test('the store is down during the call: the call is not held up, and its row is whole afterwards', async () => {
    await using story = await open();
    const { carrier } = story.parts;
    carrier.callee = { ...carrier.callee, ringsMs: 3 * story.tickMs };
    await story.order();
    await story.until(() => carrier.live.length > 0);
    story.parts.storeIsDown = true;
    await story.until(() => story.parts.audio.isLive(story.plan.id));
    await story.terminate();
    await story.until(() => carrier.live.length === 0);
    story.parts.storeIsDown = false;
    const call = await story.ends('terminated');
    expect(call.answeredAtMs).not.toBeNull();
    expect(call.ringingAtMs).not.toBeNull();
    expect(call.carrierCallId).toBe(carrier.calls[0]?.carrierCallId);
  });

  test('nothing is known of a call that was never started', async () => {
    await using story = await open();
    const { id } = story.plan;
    await expect(story.terminate()).rejects.toMatchObject({ code: 'call-not-found' });
    await expect(story.lifecycle.outcome(id, never())).rejects.toMatchObject({
      code: 'call-not-found',
    });
    expect(await story.lifecycle.state(id, never())).toBeNull();
  });

  test('a call that is over takes no reports, and still tells how it ended', async () => {
    await using story = await open();
    story.parts.carrier.callee = { ...story.parts.carrier.callee, does: 'busy' };
    await story.order();
    const { outcome, carrierCallId } = await story.ends('busy');
    const { id } = story.plan;
    await expect(story.terminate()).rejects.toMatchObject({ code: 'call-not-found' });
    expect(await story.lifecycle.outcome(id, never())).toEqual(outcome);
    expect(await story.lifecycle.state(id, never())).toEqual({
      ...{ phase: 'ended', carrierCallId, outcome },
    });
  });

  test('whoever waits for the end may give up', async () => {
    await using story = await open();
    await story.order();
    const given = new AbortController();
    const waiting = story.lifecycle.outcome(story.plan.id, given.signal);
    given.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await story.terminate();
    await story.until(() => story.parts.carrier.live.length === 0);
  });
}
