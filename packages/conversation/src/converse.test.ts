import { describe, expect, test } from 'vitest';
import { converse } from './converse.ts';
import { ScriptedAgent } from './scripted-agent.fake.ts';
import { FakeLine, frameOf } from './stage.fake.ts';
import type { ConversationEvent } from './transcript.ts';

/** A conversation whose two sides both do as the test says. */
function scene() {
  const line = new FakeLine();
  const agent = new ScriptedAgent();
  const observed: ConversationEvent[] = [];
  const stop = new AbortController();
  const ending = converse(line, agent, (event) => observed.push(event), stop.signal);
  return { line, agent, observed, stop, ending };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** The caller hears everything that was played. */
async function hearAll(line: FakeLine): Promise<void> {
  for (let more = true; more; ) {
    more = line.pass();
    await settle();
  }
}

describe('a conversation ends', () => {
  test('when the caller hangs up', async () => {
    const { line, ending } = scene();
    line.send({ type: 'hung-up' });
    expect(await ending).toBe('caller-hung-up');
  });

  test('when the line is lost', async () => {
    const { line, ending } = scene();
    line.send({ type: 'lost', reason: 'idle' });
    expect(await ending).toBe('line-lost');
  });

  test('when the agent is lost', async () => {
    const { agent, ending } = scene();
    agent.emit({ type: 'lost', reason: 'no engine' });
    expect(await ending).toBe('agent-lost');
  });

  test('when the agent has no more to tell', async () => {
    const { agent, ending } = scene();
    await agent[Symbol.asyncDispose]();
    expect(await ending).toBe('agent-lost');
  });

  test('when it is stopped from outside', async () => {
    const { stop, ending } = scene();
    stop.abort();
    expect(await ending).toBe('stopped');
  });

  test('when the farewell has been heard, and not before', async () => {
    const { line, agent, observed, ending } = scene();
    agent.reply(1, 'Goodbye.');
    agent.emit({ type: 'farewell' });
    await settle();
    expect(observed).toEqual([]);
    await hearAll(line);
    expect(await ending).toBe('agent-hung-up');
    expect(observed).toMatchObject([
      { type: 'turn', turn: { heard: 'Goodbye.', interrupted: false } },
    ]);
  });
});

test('a caller who speaks over the goodbye is listened to after all', async () => {
  const { line, agent, observed, ending } = scene();
  agent.reply(1, 'I will hang up now.', 'Goodbye.');
  agent.emit({ type: 'farewell' });
  await settle();
  line.pass();
  agent.emit({ type: 'barge-in' });
  await settle();
  agent.reply(2, 'You are here.');
  await settle();
  await hearAll(line);
  expect(observed).toMatchObject([
    { type: 'turn', turn: { said: 'I will hang up now. Goodbye.', interrupted: true } },
    { type: 'barge-in' },
    { type: 'turn', turn: { heard: 'You are here.', interrupted: false } },
  ]);
  agent.emit({ type: 'farewell' });
  expect(await ending).toBe('agent-hung-up');
});

describe('what happens in between', () => {
  test("the caller's audio and keys reach the agent", async () => {
    const { line, agent } = scene();
    line.send({ type: 'audio', frame: frameOf('#') });
    line.send({ type: 'digit', digit: '5' });
    await settle();
    expect(agent.frames).toBe(1);
    expect(agent.digits).toEqual(['5']);
  });

  test('a barge-in clears the line, and agent and transcript get what was heard', async () => {
    const { line, agent, observed } = scene();
    agent.reply(1, 'one', 'two', 'three', 'four');
    await settle();
    line.pass();
    line.pass();
    agent.emit({ type: 'barge-in' });
    await settle();
    expect(line.cleared).toEqual([40]);
    expect(agent.heardOfReplies.at(-1)).toMatchObject({
      text: 'one two',
      heardMs: 40,
      ended: true,
    });
    expect(observed[0]).toMatchObject({
      turn: { said: 'one two three four', heard: 'one two', interrupted: true },
    });
  });

  test('the agent knows what was heard of a turn before the turn is told', async () => {
    const { line, agent, observed } = scene();
    let knownAtTurn: unknown;
    const push = observed.push.bind(observed);
    observed.push = (event) => {
      if (event.type === 'turn') knownAtTurn = agent.heardOfReplies.at(-1);
      return push(event);
    };
    agent.reply(1, 'Hello.');
    await settle();
    await hearAll(line);
    expect(knownAtTurn).toMatchObject({ text: 'Hello.', ended: true });
  });

  test('a barge-in is followed at once, even while the line takes no more speech', async () => {
    const { line, agent } = scene();
    agent.reply(1, ...Array.from({ length: 100 }, (_, word) => `word${word}`));
    await settle();
    agent.emit({ type: 'barge-in' });
    await settle();
    expect(line.cleared).toEqual([0]);
  });

  test('speech that fails ends the reply with what was given, and the call goes on', async () => {
    const { line, agent, observed } = scene();
    async function* failing() {
      yield { frame: frameOf('#'), text: 'half' };
      throw new Error('engine gone');
    }
    agent.emit({ type: 'reply', id: 1, speech: failing() });
    await settle();
    await hearAll(line);
    expect(observed.map(({ type }) => type)).toEqual(['speech-failed', 'turn']);
    agent.reply(2, 'again');
    await settle();
    await hearAll(line);
    expect(observed.at(-1)).toMatchObject({ turn: { heard: 'again' } });
  });

  test('a caller who hangs up in mid-reply leaves what they had heard in the transcript', async () => {
    const { line, agent, observed, ending } = scene();
    agent.reply(1, 'one', 'two', 'three');
    await settle();
    line.pass();
    line.send({ type: 'hung-up' });
    await ending;
    expect(observed).toMatchObject([{ turn: { heard: 'one', interrupted: true } }]);
  });

  test('a reply that nobody heard is no turn', async () => {
    const { agent, observed, stop, ending } = scene();
    agent.reply(1, 'one');
    await settle();
    stop.abort();
    await ending;
    expect(observed).toEqual([]);
  });
});
