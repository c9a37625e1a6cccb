import { describe } from 'vitest';
import { inboundStories } from './inbound-stories.contract.ts';
import { outboundStories } from './outbound-stories.contract.ts';
import type { StoryStage } from './story-stage.fake.ts';
import { talkingStories } from './talking-stories.contract.ts';
import { troubledStories } from './troubled-stories.contract.ts';

/**
 * What becomes of calls, on any host of their scripts. `stage` is asked for each story, when it
 * begins. With `concurrent` stories are played at the same time, which a real clock makes worth while.
 */
export function lifecycleStories(
  name: string,
  stage: () => StoryStage,
  { concurrent = false }: { concurrent?: boolean } = {},
): void {
  describe(name, { concurrent }, () => {
    describe('outbound', () => outboundStories(stage));
    describe('talking', () => talkingStories(stage));
    describe('troubled', () => troubledStories(stage));
    describe('inbound', () => inboundStories(stage));
  });
}
