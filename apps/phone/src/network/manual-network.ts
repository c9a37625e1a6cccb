import { ManualClock } from '../carrier/manual-clock.ts';
import { type Script, startScriptedServer } from '../carrier/scripted-server.ts';
import { PhoneNetwork, type PhoneNetworkOptions } from './phone-network.ts';

export const ACCOUNT = `AC${'a'.repeat(32)}`;
export const TOKEN = 'a token';
export const OWN = '+12025550100';
/** As a callee who talks: his scenario needs a voice. */
export const TALKS = '+12025550142';

/** A network on a clock of its own with a server beside it, both closed together. Voices hum. */
export async function openManualNetwork(
  script: Script = {},
  more: Partial<PhoneNetworkOptions> = {},
) {
  await using stack = new AsyncDisposableStack();
  const callback = (response: { writeHead: (status: number) => { end: () => void } }) =>
    response.writeHead(204).end();
  const answers = { '/status': callback, '/amd': callback, '/recording': callback };
  const server = stack.use(
    await startScriptedServer({ ...script, answers: { ...answers, ...script.answers } }),
  );
  const clock = new ManualClock();
  const network = stack.use(
    await PhoneNetwork.open({
      accountSid: ACCOUNT,
      authToken: TOKEN,
      numbers: [OWN],
      voiceUrl: `${server.url}/voice`,
      clock,
      studio: { folder: '.', openVoice: async () => hummingVoice() },
      ...more,
    }),
  );
  const closing = stack.move();
  return {
    network,
    server,
    clock,
    /** The callbacks so far, in order of their arrival. */
    told: (path = '/status') =>
      server.asked.filter((asked) => asked.path.startsWith(path)).map(({ params }) => params),
    /** Lets time pass until the call is over and everybody has been told. */
    over: async (sid: string) => {
      const call = network.exchange.find(sid);
      if (!call) throw new Error('no such call');
      await until(() => call.over.aborted, clock);
      await clock.passUntil(network.settled());
      return call;
    },
    until: (condition: () => boolean) => until(condition, clock),
    [Symbol.asyncDispose]: async () => {
      // Streams close on the clock.
      await clock.passUntil(closing.disposeAsync());
    },
  };
}

async function until(condition: () => boolean, clock: ManualClock): Promise<void> {
  while (!condition()) {
    await clock.passUntil(new Promise((resolve) => setImmediate(resolve)));
  }
}

/** Half a second of a tone, whatever the words. */
function hummingVoice() {
  const samples = Int16Array.from({ length: 4_000 }, (_, index) =>
    Math.round(8_000 * Math.sin(index / 3)),
  );
  return {
    async *synthesize() {
      yield { samples, sampleRate: 8_000 };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
