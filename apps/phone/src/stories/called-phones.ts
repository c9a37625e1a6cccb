import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openCallerVoice } from '../caller/caller-voice.ts';
import { type Callee, calleeWho } from '../network/callee.ts';
import { Callees } from '../network/callees.ts';
import type { NetworkCall } from '../network/network-call.ts';
import { PhoneNetwork } from '../network/phone-network.ts';
import { type Moment, moments } from './moments.ts';

const OWN_NUMBER = '+12025550100';
const ACCOUNT_SID = `AC${'0'.repeat(32)}`;
const LOOK_MS = 20;

/** Asks little, so that the call is short. */
const BRIEF = `scenario: Somebody who asks one thing
limitMs: 90000
steps:
  - answer: How much is a cleaning?
  - wait: { for: agent-ends }
  - hangUp`;

export interface CalledPhonesOptions {
  readonly folder: string;
  readonly callees?: Readonly<Record<string, Callee>>;
  readonly trouble?: string;
}

/** A telephone network of the test's own with people who are called, and what a server needs to use it. */
export class CalledPhones implements AsyncDisposable {
  readonly network: PhoneNetwork;
  /** For servers and workers. */
  readonly environment: Readonly<Record<string, string>>;

  private constructor(network: PhoneNetwork, authToken: string) {
    this.network = network;
    this.environment = {
      TWILIO_ACCOUNT_SID: ACCOUNT_SID,
      TWILIO_AUTH_TOKEN: authToken,
      TWILIO_PHONE_NUMBER: OWN_NUMBER,
      TWILIO_API_BASE_URL: network.url,
      CALLS_PER_SECOND: '20',
    };
  }

  /** Phones ring ten times as fast as elsewhere; people talk as they do. */
  static async open({ folder, callees, trouble }: CalledPhonesOptions): Promise<CalledPhones> {
    const authToken = randomBytes(16).toString('hex');
    const brief = path.join(folder, 'brief.yaml');
    await writeFile(brief, BRIEF);
    const network = await PhoneNetwork.open({
      accountSid: ACCOUNT_SID,
      authToken,
      numbers: [OWN_NUMBER],
      callees: new Callees(calleeWho('talks', { scenario: brief }), callees),
      studio: {
        folder,
        openVoice: (voice, own, signal) =>
          openCallerVoice(voice, { engines: 'small', modelsDir: folder, folder: own }, signal),
      },
      callsPerSecond: 20,
      speed: 10,
      ...(trouble !== undefined && { trouble }),
    });
    return new CalledPhones(network, authToken);
  }

  /** The call to this number, once it is placed. */
  async called(number: string): Promise<CalledPhone> {
    for (;;) {
      const [call] = this.callsTo(number);
      if (call) return new CalledPhone(call);
      await pause(LOOK_MS);
    }
  }

  callsTo(number: string): readonly NetworkCall[] {
    return this.network.exchange.calls.filter(({ order }) => order.to === number);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.network[Symbol.asyncDispose]();
  }
}

/** One phone that is rung, as whoever stands beside it knows it. */
export class CalledPhone {
  readonly call: NetworkCall;
  readonly #told: string[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(call: NetworkCall) {
    this.call = call;
    const observe = moments((moment, turn) => {
      this.#told.push(`${moment} ${turn}`);
      for (const look of this.#waiting) look();
    });
    call.observers.push({ observe });
    call.over.addEventListener('abort', () => {
      for (const look of this.#waiting) look();
    });
  }

  /** The moments of the call so far. */
  get told(): readonly string[] {
    return this.#told;
  }

  /** Resolves at that moment; rejects when the call is over before. */
  async at(moment: Moment, turn: number): Promise<void> {
    await this.#until(() => this.#told.includes(`${moment} ${turn}`), `${moment} ${turn}`);
  }

  async ringing(): Promise<void> {
    while (this.call.status === 'queued') await pause(LOOK_MS);
  }

  async over(): Promise<NetworkCall['status']> {
    const { over } = this.call;
    if (!over.aborted)
      await new Promise((resolve) => over.addEventListener('abort', resolve, { once: true }));
    return this.call.status;
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => {
      if (condition()) resolve();
      else if (this.call.over.aborted)
        reject(new Error(`over before: ${what}; there were ${this.#told.join(', ')}`));
    };
    this.#waiting.add(look);
    look();
    await promise.finally(() => this.#waiting.delete(look));
  }
}
