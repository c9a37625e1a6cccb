import { lifecycleStories } from '../contracts/lifecycle-stories.contract.ts';
import type { StoryStage } from '../contracts/story-stage.fake.ts';
import { eventually, scaledLimits } from '../contracts/story-stage.fake.ts';
import { VirtualClock } from '../contracts/virtual-clock.fake.ts';
import { SCRIPT_LIMITS } from '../script-limits.ts';
import { SYSTEM_CLOCK } from './clock.ts';
import { EmbeddedLifecycle } from './embedded-lifecycle.ts';

function virtualStage(): StoryStage {
  const clock = new VirtualClock();
  const limits = SCRIPT_LIMITS;
  return {
    clock,
    limits,
    until: (condition) => clock.until(condition),
    host: async (activities, { store }) => {
      const lifecycle = new EmbeddedLifecycle({ activities, store, limits, clock });
      return { lifecycle, [Symbol.asyncDispose]: () => lifecycle[Symbol.asyncDispose]() };
    },
  };
}

function realStage(): StoryStage {
  const clock = SYSTEM_CLOCK;
  const limits = scaledLimits(0.02);
  return {
    clock,
    limits,
    until: eventually,
    host: async (activities, { store }) => {
      const lifecycle = new EmbeddedLifecycle({ activities, store, limits, clock });
      return { lifecycle, [Symbol.asyncDispose]: () => lifecycle[Symbol.asyncDispose]() };
    },
  };
}

lifecycleStories('the embedded host', virtualStage);
lifecycleStories('the embedded host on the real clock', realStage, { concurrent: true });
