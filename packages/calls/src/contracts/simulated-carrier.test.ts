import { carrierContract } from './carrier.contract.ts';
import { SimulatedCarrier } from './simulated-carrier.fake.ts';
import { VirtualClock } from './virtual-clock.fake.ts';

const REFUSED = '+15550009999';

carrierContract('SimulatedCarrier', async () => {
  const clock = new VirtualClock();
  const carrier = new SimulatedCarrier(clock);
  carrier.refuses(REFUSED, 21_211);
  return {
    carrier,
    order: {
      callId: 'call-1',
      to: '+15550001111',
      from: '+15550002222',
      ringTimeoutMs: 30_000,
      maxDurationMs: 600_000,
      machineDetection: 'off',
    },
    refused: REFUSED,
    callee: (callee) => {
      carrier.callee = { ...carrier.callee, ...callee };
    },
    until: (condition) => clock.until(condition),
    [Symbol.asyncDispose]: async () => {},
  };
});
