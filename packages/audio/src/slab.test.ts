import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Slab } from './slab.ts';

test('no room is given out twice, and all of it is silent', () => {
  const wanted = fc.record({ length: fc.nat(6_000), isSamples: fc.boolean() });
  fc.assert(
    fc.property(fc.array(wanted, { maxLength: 40 }), (all) => {
      const slab = new Slab(32 * 1024);
      const runs = all.map(({ length, isSamples }) => {
        const run = isSamples ? slab.samples(length) : slab.codes(length);
        expect(run).toEqual(new (isSamples ? Int16Array : Uint8Array)(length));
        return run;
      });
      for (const [i, run] of runs.entries()) run.fill(i + 1);
      for (const [i, run] of runs.entries()) expect(run.every((one) => one === i + 1)).toBe(true);
    }),
  );
});
