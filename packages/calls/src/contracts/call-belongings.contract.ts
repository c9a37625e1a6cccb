import { describe, expect, test } from 'vitest';
import { storable } from '../storable.ts';
import type { OpenCallStore } from './call-store.contract.ts';
import {
  eventOf,
  messageOf,
  metricsOf,
  NO_METRICS,
  ODD_TEXTS,
  planOf,
  turnOf,
} from './example-calls.ts';

/** What belongs to a call: turns, events, messages, metrics. */
export function belongingsContract(open: OpenCallStore): void {
  describe('what belongs to a call', () => {
    test('is nothing at first, and nothing for an unknown call', async () => {
      await using opened = await open();
      const { store } = opened;
      const { id } = planOf();
      await store.create(planOf({ id }), 1, null);
      for (const callId of [id, 'call-none', 'call-\u0000']) {
        expect(await store.turns(callId)).toEqual([]);
        expect(await store.events(callId, 0)).toEqual([]);
        expect(await store.messages(callId)).toEqual([]);
        expect(await store.metrics(callId)).toBeNull();
      }
    });

    test('is found as it was written, in its order', async () => {
      await using opened = await open();
      const { store } = opened;
      const { id } = planOf();
      await store.create(planOf({ id }), 1, null);
      const agent = turnOf(1, { speaker: 'agent', heardMs: 812, interrupted: true });
      const system = turnOf(2, { speaker: 'system', confidence: 0.873 });
      await store.addTurns(id, [system, agent]);
      await store.addTurns(id, [turnOf(0, { confidence: 1 })]);
      expect(await store.turns(id)).toEqual([turnOf(0, { confidence: 1 }), agent, system]);
      const events = [10, 2, 1].map((serial) => eventOf(serial, { data: { serial, deep: [{}] } }));
      await store.addEvents(id, events);
      expect(await store.events(id, 0)).toEqual(events.toReversed());
      await store.addMessage(id, messageOf(1));
      await store.addMessage(id, messageOf(0));
      expect(await store.messages(id)).toEqual([messageOf(0), messageOf(1)]);
      await store.saveMetrics(id, metricsOf());
      expect(await store.metrics(id)).toEqual(metricsOf());
    });

    test('is written by nothing when there is nothing', async () => {
      await using opened = await open();
      const { store } = opened;
      await store.addTurns('call-1', []);
      await store.addEvents('call-1', []);
      expect(await store.turns('call-1')).toEqual([]);
    });

    test('is there once when it is written again, and what is new comes along', async () => {
      await using opened = await open();
      const { store } = opened;
      const { id } = planOf();
      await store.create(planOf({ id }), 1, null);
      await store.addTurns(id, [turnOf(0), turnOf(1)]);
      await store.addTurns(id, [turnOf(0, { text: 'another' }), turnOf(1), turnOf(2), turnOf(2)]);
      expect(await store.turns(id)).toEqual([turnOf(0), turnOf(1), turnOf(2)]);
      await store.addEvents(id, [eventOf(1)]);
      await store.addEvents(id, [eventOf(1, { type: 'another' }), eventOf(2), eventOf(2)]);
      expect(await store.events(id, 0)).toEqual([eventOf(1), eventOf(2)]);
      await store.addMessage(id, messageOf(0));
      await store.addMessage(id, messageOf(0, { text: 'another' }));
      expect(await store.messages(id)).toEqual([messageOf(0)]);
    });

    test('is there once when many write it at once', async () => {
      await using opened = await open();
      const { store } = opened;
      const { id } = planOf();
      await store.create(planOf({ id }), 1, null);
      const turns = Array.from({ length: 20 }, (_, i) => turnOf(i));
      await Promise.all(
        [turns, turns.toReversed(), turns].flatMap((some) => [
          store.addTurns(id, some),
          store.addEvents(id, [eventOf(1), eventOf(2)]),
          store.addMessage(id, messageOf(0)),
          store.saveMetrics(id, metricsOf()),
        ]),
      );
      expect(await store.turns(id)).toEqual(turns);
      expect(await store.events(id, 0)).toHaveLength(2);
      expect(await store.messages(id)).toHaveLength(1);
      expect(await store.metrics(id)).toEqual(metricsOf());
    });

    test('is another call’s never', async () => {
      await using opened = await open();
      const { store } = opened;
      const [a, b] = [planOf(), planOf()];
      await store.create(a, 1, null);
      await store.create(b, 1, null);
      await store.addTurns(a.id, [turnOf(0)]);
      await store.addTurns(b.id, [turnOf(0, { text: 'of b' })]);
      await store.addEvents(a.id, [eventOf(1)]);
      await store.addMessage(a.id, messageOf(0));
      await store.saveMetrics(a.id, metricsOf());
      expect(await store.turns(b.id)).toEqual([turnOf(0, { text: 'of b' })]);
      expect(await store.events(b.id, 0)).toEqual([]);
      expect(await store.messages(b.id)).toEqual([]);
      expect(await store.metrics(b.id)).toBeNull();
    });

    test('may come before the call itself', async () => {
      await using opened = await open();
      const { store } = opened;
      const { id } = planOf();
      await store.addTurns(id, [turnOf(0)]);
      await store.addEvents(id, [eventOf(1)]);
      await store.addMessage(id, messageOf(0));
      await store.saveMetrics(id, metricsOf());
      expect(await store.find(id)).toBeNull();
      expect(await store.create(planOf({ id }), 1, null)).toBe(true);
      expect(await store.turns(id)).toEqual([turnOf(0)]);
      expect(await store.events(id, 0)).toEqual([eventOf(1)]);
      expect(await store.messages(id)).toEqual([messageOf(0)]);
      expect(await store.metrics(id)).toEqual(metricsOf());
    });

    test('may come after its end', async () => {
      await using opened = await open();
      const { store } = opened;
      const { id } = planOf();
      await store.create(planOf({ id }), 1, null);
      await store.settle(id, { blame: 'nobody', reason: 'completed' }, 2);
      await store.addTurns(id, [turnOf(0)]);
      await store.saveMetrics(id, metricsOf());
      expect(await store.turns(id)).toHaveLength(1);
      expect(await store.metrics(id)).toEqual(metricsOf());
    });

    test('is told from any event on', async () => {
      await using opened = await open();
      const { store } = opened;
      const { id } = planOf();
      await store.create(planOf({ id }), 1, null);
      await store.addEvents(
        id,
        [1, 2, 3, 11].map((serial) => eventOf(serial)),
      );
      const after = async (serial: number) =>
        (await store.events(id, serial)).map((event) => event.serial);
      expect(await after(0)).toEqual([1, 2, 3, 11]);
      expect(await after(-1)).toEqual([1, 2, 3, 11]);
      expect(await after(2)).toEqual([3, 11]);
      expect(await after(5)).toEqual([11]);
      expect(await after(11)).toEqual([]);
      expect(await after(2_000_000_000)).toEqual([]);
    });

    test('has the figures that were saved last, and none where none were', async () => {
      await using opened = await open();
      const { store } = opened;
      const { id } = planOf();
      await store.create(planOf({ id }), 1, null);
      await store.saveMetrics(id, metricsOf());
      await store.saveMetrics(id, NO_METRICS);
      expect(await store.metrics(id)).toEqual(NO_METRICS);
      const large = metricsOf({ totalAudioFramesSent: 2_000_000_000, avgAiResponseTimeMs: 1 / 3 });
      await store.saveMetrics(id, large);
      expect(await store.metrics(id)).toEqual(large);
    });

    test.each(ODD_TEXTS.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
      'keeps the text %s',
      async (_, text) => {
        await using opened = await open();
        const { store } = opened;
        const { id } = planOf();
        await store.create(planOf({ id }), 1, null);
        const turn = turnOf(0, { text });
        const event = eventOf(1, { data: { text, [text.slice(0, 100)]: { text } } });
        const message = messageOf(0, { name: text, number: text, text });
        const metrics = metricsOf({ errorMessages: [text, 'a', text], disconnectionReason: text });
        await store.addTurns(id, [turn]);
        await store.addEvents(id, [event]);
        await store.addMessage(id, message);
        await store.saveMetrics(id, metrics);
        expect(await store.turns(id)).toEqual([storable(turn)]);
        expect(await store.events(id, 0)).toEqual([storable(event)]);
        expect(await store.messages(id)).toEqual([storable(message)]);
        expect(await store.metrics(id)).toEqual(storable(metrics));
      },
    );

    test('may be much', async () => {
      await using opened = await open();
      const { store } = opened;
      const { id } = planOf();
      await store.create(planOf({ id }), 1, null);
      const turns = Array.from({ length: 3000 }, (_, i) => turnOf(i));
      const events = Array.from({ length: 9000 }, (_, i) => eventOf(i + 1, { data: { i } }));
      await store.addTurns(id, turns);
      await store.addEvents(id, events);
      expect(await store.turns(id)).toEqual(turns);
      expect(await store.events(id, 8990)).toEqual(events.slice(8990));
    });
  });
}
