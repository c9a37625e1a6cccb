import { type CarrierStage, carrierContract, eventually } from '@earshot/calls/contracts';
import { TwilioCarrier, TwilioRest } from '@earshot/twilio';
import { type Callee, calleeWho } from './apps/phone/src/network/callee.ts';
import { Callees } from './apps/phone/src/network/callees.ts';
import { PhoneNetwork } from './apps/phone/src/network/phone-network.ts';

const ACCOUNT = `AC${'0'.repeat(32)}`;
const TOKEN = 'a-token-of-the-emulator';
const OWN = '+12025550100';
/** The emulator's and Twilio's number that is never taken. */
const REFUSED = '+15005550001';
const ANOTHER = '+12025550199';
const HOUR_OF_RINGS = 600;

/** Whoever is called next, whatever the number. */
class NextCallee extends Callees {
  next: Callee = calleeWho('silent');

  override of(): Callee {
    return this.next;
  }
}

type Asked = Parameters<CarrierStage['callee']>[0];

function calleeAs({ ringsMs, does, talksMs }: Asked): Callee {
  const rings = ringsMs > 1000 ? HOUR_OF_RINGS : 0.5;
  if (does === 'busy') return calleeWho('busy', { rings });
  if (does === 'fails') return calleeWho('unreachable', { rings });
  if (talksMs === null) return calleeWho('silent', { rings });
  return calleeWho('hangs-up', { rings, afterMs: talksMs });
}

carrierContract('TwilioCarrier on the emulator', async () => {
  const callees = new NextCallee();
  const network = await PhoneNetwork.open({
    accountSid: ACCOUNT,
    authToken: TOKEN,
    numbers: [OWN],
    studio: { folder: '.', openVoice: () => Promise.reject(new Error('Nobody speaks')) },
    speed: 20,
    callees,
  });
  const rest = new TwilioRest({
    credentials: { accountSid: ACCOUNT, authToken: TOKEN },
    baseUrl: network.url,
  });
  const carrier = new TwilioCarrier({
    rest,
    // Nobody listens there: callbacks are lost.
    urlOf: (path) => `http://127.0.0.1:9${path}`,
    twimlFor: () => '<Response><Pause length="600"/></Response>',
  });
  return {
    carrier,
    order: {
      callId: 'call-1',
      to: ANOTHER,
      from: OWN,
      ringTimeoutMs: 60_000,
      maxDurationMs: 600_000,
      machineDetection: 'off',
    },
    refused: REFUSED,
    callee: (asked) => {
      callees.next = calleeAs(asked);
    },
    until: eventually,
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
});
