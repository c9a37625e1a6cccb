import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentSaid, failures, picture, unanswered, understood } from './call-words.ts';
import { StoryServer } from './story-server.ts';

let server: StoryServer;
beforeAll(async () => {
  server = await StoryServer.open({ engines: 'small' });
});
afterAll(() => server[Symbol.asyncDispose]());

const asking = (question: string) =>
  `scenario: A question\nsteps:\n  - answer: ${question}\n  - wait: {for: agent-ends}\n  - hangUp`;

// Calls take the time that calls take: all of them at once.
describe.concurrent('one server, many callers', { timeout: 180_000 }, () => {
  test('keys are a number, and it is read back', async () => {
    const call = await server.ring(`scenario: Keys
steps:
  - answer: Can I leave a message?
  - answer: My name is Thomas Wilson.
  - answer: Yes, that's right.
  - wait: {for: agent-ends}
  - press: "5552398147"
  - wait: {for: agent-ends}
  - hangUp
expect: {agentSays: '5 5 5,? 2 3 9,? 8 1 4 7'}`);
    expect(failures(call), picture(call)).toEqual([]);
  });

  test('other words in the scenario are other words in the transcript, and get another answer', async () => {
    const [price, days] = await Promise.all([
      server.ring(asking('How much is a cleaning?')),
      server.ring(asking('When are you open on Saturday?')),
    ]);
    expect(understood(price), picture(price)).toEqual([expect.stringMatching(/cleaning/i)]);
    expect(understood(days), picture(days)).toEqual([expect.stringMatching(/saturday/i)]);
    expect(agentSaid(price)).toMatch(/120|hundred and twenty/i);
    expect(agentSaid(days)).toMatch(/saturday.*(10|ten)/i);
  });

  test('a caller who says nothing is asked twice whether they are there, and then told goodbye', async () => {
    const call = await server.play('silent-caller');
    expect(failures(call), picture(call)).toEqual([]);
    const agent = call.report.turns.filter(({ speaker }) => speaker === 'agent');
    expect(agent.map(({ heard }) => heard).slice(1), picture(call)).toEqual([
      expect.stringContaining('still there'),
      expect.stringContaining('cannot hear'),
      expect.stringContaining('Goodbye'),
    ]);
  });

  test('a caller who hangs up in mid-reply leaves what was heard until then', async () => {
    const call = await server.ring(`scenario: Enough
steps:
  - answer: What are your hours?
  - wait: {for: agent-begins}
  - silent: 2
  - hangUp
expect: {outcome: caller-hung-up}`);
    expect(failures(call), picture(call)).toEqual([]);
    expect(call.report.turns.at(-1)?.heard, picture(call)).toMatch(/We're open(?!.*Sunday)/);
  });

  test('a pause in mid-sentence does not end the turn', async () => {
    const call = await server.play('mid-sentence-pause');
    expect(failures(call), picture(call)).toEqual([]);
  });

  test('people in the background and a bad network do not keep a caller from an answer', async () => {
    const call = await server.play('noisy-line');
    expect(failures(call), picture(call)).toEqual([]);
    expect(agentSaid(call), picture(call)).toMatch(/monday|cleaning/i);
    expect(unanswered(call), picture(call)).toEqual([]);
  });

  test('a phone that vanishes does not keep its call: the silent stream is given up', async () => {
    const ends: string[] = [];
    const call = await server.ring(
      `scenario: A phone that vanishes
steps:
  - answer: What are your hours?
  - wait: {for: agent-begins}
  - vanish
  - silent: 20
  - hangUp`,
      (event) => {
        if (event.type === 'stream-ended') ends.push(event.by);
      },
    );
    expect(ends[0], picture(call)).toBe('network');
    expect(call.report.findings.map(({ code }) => code)).not.toContain('dead-socket');
  });
});
