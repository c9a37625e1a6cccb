import { parseArgs } from 'node:util';
import { readUtterables, type Utterable } from './turn-audio.ts';
import { TurnCaller } from './turn-caller.ts';

/**
 * One simulated caller who talks in turns, for machines without the peer's client: measures the same
 * way and prints rows of the same names. Murmurs over the agent's speech are its own.
 */
const text = { type: 'string' } as const;
const { values: flags } = parseArgs({
  options: {
    url: text,
    /** 'turns', 'barge' or 'murmurs'. */
    mode: text,
    audio: text,
    murmurs: text,
    rounds: { ...text, default: '1' },
    seed: { ...text, default: '7' },
    'server-pid': text,
  },
});

/** For the server's models to come up. */
const SETTLE_MS = 2500;
/** Without an answer for so long there will be none. */
const GIVE_UP_MS = 9000;
/** An agent that is silent for so long has said all. */
const OVER_MS = 700;
const LONGEST_REPLY_MS = 30_000;
/** A clear later than this after a murmur has another cause. */
const MURMUR_ANSWER_MS = 2000;
const LIMIT_MS = 600_000;

const random = lottery(Number(flags.seed));
const utterables = readUtterables(flags.audio ?? '');
const limit = AbortSignal.timeout(LIMIT_MS);
const caller = await TurnCaller.dial(flags.url ?? '', limit);
await caller.pause(SETTLE_MS);
console.log(JSON.stringify({ rows: await rows() }));
caller.hangUp();

function rows(): Promise<object[]> {
  if (flags.mode === 'murmurs') return murmurs(readUtterables(flags.murmurs ?? ''));
  const list = Array.from({ length: Number(flags.rounds) }, () => shuffled(utterables)).flat();
  return flags.mode === 'barge' ? bargeIns(list) : turns(list);
}

/** Says each when the agent has said all. */
async function turns(list: readonly Utterable[]): Promise<object[]> {
  const rows: object[] = [];
  for (const one of list) {
    const said = await caller.say(one);
    const earlyFrames = caller.loudBetween(said.firstMs, said.lastMs);
    const reply = await caller.until(() => caller.loudAfter(said.lastMs), GIVE_UP_MS);
    const clears = caller.clears.filter((at) => at > said.firstMs).length;
    rows.push({ file: one.name, turnMs: reply && reply - said.lastMs, earlyFrames, clears });
    await caller.until(() => caller.quietFor(OVER_MS), LONGEST_REPLY_MS);
    await caller.pause(400 + random() * 600);
    await caller.until(() => caller.quietFor(OVER_MS), LONGEST_REPLY_MS);
  }
  return rows;
}

/** Says each over the agent's answer to the one before. */
async function bargeIns([first, ...others]: readonly Utterable[]): Promise<object[]> {
  const rows: object[] = [];
  if (!first) return rows;
  let said = await caller.say(first);
  for (const one of others) {
    const reply = await caller.until(() => caller.loudAfter(said.lastMs), GIVE_UP_MS);
    await caller.pause(2000 + random() * 2000);
    const talking = caller.quietFor(200) === undefined;
    said = await caller.say(one);
    const clear = caller.clearAfter(said.firstMs);
    const clearMs = clear && clear - said.firstMs;
    rows.push({ file: one.name, talking, clearMs, missedReply: reply === undefined });
  }
  return rows;
}

/** Murmurs each over the agent's answer, which is asked for again where it has ended. */
async function murmurs(list: readonly Utterable[]): Promise<object[]> {
  const rows: object[] = [];
  const [question] = utterables.toSorted((a, b) => a.frames - b.frames);
  if (!question) return rows;
  for (const one of list) {
    if (caller.quietFor(200)) {
      const { lastMs } = await caller.say(question);
      await caller.until(() => caller.loudAfter(lastMs), GIVE_UP_MS);
    }
    await caller.pause(1000 + random() * 500);
    const talking = caller.quietFor(200) === undefined;
    const { firstMs } = await caller.say(one);
    const clear = await caller.until(() => caller.clearAfter(firstMs), MURMUR_ANSWER_MS);
    rows.push({ file: one.name, talking, clearMs: clear && clear - firstMs });
  }
  return rows;
}

function shuffled(list: readonly Utterable[]): Utterable[] {
  return list
    .map((one) => ({ one, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

/** The same numbers for the same seed. */
function lottery(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
