import { describe, expect, test } from 'vitest';
import type { CallPlan } from '../call.ts';
import { Story } from './story.fake.ts';
import type { StoryStage } from './story-stage.fake.ts';

/** What happens to calls that were answered. */
export function talkingStories(stage: () => StoryStage): void {
  const open = (plan?: Partial<CallPlan>) => Story.open(stage(), plan);

  /** A call in which both sides talk. */
  async function talking(plan?: Partial<CallPlan>): Promise<Story> {
    const story = await open(plan);
    await story.order();
    await story.talks();
    return story;
  }

  test('a call is terminated in mid-call, and its leg ended', async () => {
    await using story = await talking();
    await story.terminate();
    await story.ends('terminated');
    expect(story.parts.carrier.calls[0]).toMatchObject({ status: 'completed', endedByUs: true });
  });

  test('at the maximum duration the agent takes its leave', async () => {
    await using story = await talking();
    story.parts.audio.end(story.plan.id, 'max-duration');
    await story.ends('max-duration');
    expect(story.parts.carrier.calls[0]?.endedByUs).toBe(true);
  });

  test('an agent that does not stop talking is cut off after the maximum duration', async () => {
    await using story = await open();
    const plan = { ...story.plan, maxDurationMs: story.tickMs };
    await story.lifecycle.start(plan, null, new AbortController().signal);
    const call = await story.ends('max-duration');
    const talkedMs = (call.endedAtMs ?? 0) - (call.answeredAtMs ?? 0);
    expect(talkedMs).toBeGreaterThanOrEqual(plan.maxDurationMs);
    expect(story.parts.carrier.calls[0]?.endedByUs).toBe(true);
  });

  test('media never comes', async () => {
    await using story = await open();
    story.parts.audio.comesAfterMs = null;
    await story.order();
    await story.ends('media-never-came');
    expect(story.parts.carrier.calls[0]?.endedByUs).toBe(true);
  });

  describe.each([
    ['line-lost', 'line-lost'],
    ['agent-lost', 'agent-lost'],
    ['moved', 'server-lost'],
    ['caller-hung-up', 'completed'],
  ] as const)('its audio stops: %s', (ending, reason) => {
    test('and comes back', async () => {
      await using story = await talking();
      const { audio, carrier } = story.parts;
      audio.end(story.plan.id, ending);
      await story.passes(2);
      audio.begin(story.plan.id);
      await story.passes(2);
      expect(carrier.live).toHaveLength(1);
      audio.end(story.plan.id, 'agent-hung-up');
      await story.ends('completed');
    });

    test('and does not come back', async () => {
      await using story = await talking();
      story.parts.audio.end(story.plan.id, ending);
      await story.ends(reason);
      expect(story.parts.carrier.calls[0]?.endedByUs).toBe(true);
    });
  });

  test('the caller hangs up while the audio is away', async () => {
    await using story = await open();
    const { audio, carrier } = story.parts;
    carrier.callee = { ...carrier.callee, talksMs: 12 * story.tickMs };
    await story.order();
    await story.talks();
    audio.end(story.plan.id, 'line-lost');
    await story.ends('completed');
    expect(carrier.calls[0]?.endedByUs).toBe(false);
  });

  test('the caller hangs up: the carrier’s word settles it, and nobody is hung up again', async () => {
    await using story = await open();
    const { carrier } = story.parts;
    carrier.callee = { ...carrier.callee, talksMs: 3 * story.tickMs };
    await story.order();
    await story.ends('completed');
    expect(carrier.calls[0]?.endedByUs).toBe(false);
  });

  test('the process that holds the audio dies, and the carrier ends the call: that was us', async () => {
    await using story = await open();
    const { audio, carrier } = story.parts;
    carrier.callee = { ...carrier.callee, talksMs: 12 * story.tickMs };
    await story.order();
    await story.talks();
    audio.isGone = true;
    await story.ends('server-lost');
    expect(carrier.calls[0]?.endedByUs).toBe(false);
  });

  test('a transferred call ends when the two have talked', async () => {
    await using story = await talking();
    await story.transfer(3 * story.tickMs);
    await story.ends('transferred');
    expect(story.parts.carrier.calls[0]?.endedByUs).toBe(false);
  });

  test('nobody answers where it is transferred to, and the agent goes on', async () => {
    await using story = await talking();
    const { audio } = story.parts;
    await story.transfer(null);
    await story.until(() => audio.isLive(story.plan.id));
    audio.end(story.plan.id, 'agent-hung-up');
    await story.ends('completed');
  });
}
