import { expect, test } from 'vitest';
import { Story } from './story.fake.ts';
import type { StoryStage } from './story-stage.fake.ts';

/** Calls that reach us. */
export function inboundStories(stage: () => StoryStage): void {
  const open = () => Story.open(stage(), { direction: 'inbound' });

  test('somebody calls, talks and hangs up', async () => {
    await using story = await open();
    await story.arrive(4 * story.tickMs);
    const call = await story.ends('completed');
    expect(call.carrierCallId).toBe(story.parts.carrier.calls[0]?.carrierCallId);
    expect(call.answeredAtMs).not.toBeNull();
    expect(story.parts.carrier.dials).toBe(0);
  });

  test('the agent says goodbye, and the leg is ended by us', async () => {
    await using story = await open();
    await story.arrive(null);
    await story.talks();
    story.parts.audio.end(story.plan.id, 'agent-hung-up');
    await story.ends('completed');
    expect(story.parts.carrier.calls[0]?.endedByUs).toBe(true);
  });

  test('the caller hangs up before there is audio', async () => {
    await using story = await open();
    story.parts.audio.comesAfterMs = null;
    await story.arrive(story.tickMs);
    await story.ends('completed');
  });

  test('media never comes', async () => {
    await using story = await open();
    story.parts.audio.comesAfterMs = null;
    await story.arrive(null);
    await story.ends('media-never-came');
    expect(story.parts.carrier.calls[0]?.endedByUs).toBe(true);
  });

  test('it is terminated through the API', async () => {
    await using story = await open();
    await story.arrive(null);
    await story.talks();
    await story.terminate();
    await story.ends('terminated');
  });

  test('the carrier tells of the same call twice', async () => {
    await using story = await open();
    await story.arrive(4 * story.tickMs);
    await story.order(`CA-${story.plan.id}`);
    await story.ends('completed');
    await story.order(`CA-${story.plan.id}`);
    await story.passes(3);
    expect(story.parts.told.filter(({ type }) => type === 'ended')).toHaveLength(1);
  });

  test('the store is down when it comes: it is taken all the same, and kept afterwards', async () => {
    await using story = await open();
    story.parts.storeIsDown = true;
    await story.arrive(4 * story.tickMs);
    await story.until(() => story.parts.carrier.live.length === 0);
    story.parts.storeIsDown = false;
    const call = await story.ends('completed');
    expect(call.answeredAtMs).not.toBeNull();
  });
}
