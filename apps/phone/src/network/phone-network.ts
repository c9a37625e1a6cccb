import type { Clock } from '../carrier/frame-clock.ts';
import { FrameClock } from '../carrier/frame-clock.ts';
import { WebhookClient } from '../carrier/webhook.ts';
import { RestServer } from '../rest/rest-server.ts';
import { Callbacks } from './callbacks.ts';
import { Callees } from './callees.ts';
import { DialQueue } from './dial-queue.ts';
import { Exchange } from './exchange.ts';
import { Pace } from './pace.ts';
import { PhoneNumbers } from './phone-numbers.ts';
import { Studio, type StudioOptions } from './studio.ts';
import { Troubles } from './trouble.ts';

export interface PhoneNetworkOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any that is free. */
  readonly port?: number;
  /** Numbers that the account owns from the beginning. */
  readonly numbers?: readonly string[];
  /** Voice webhook of those numbers. */
  readonly voiceUrl?: string;
  /** Default: everybody talks but for the numbers that are built in. */
  readonly callees?: Callees;
  readonly studio: StudioOptions;
  /** New calls a second (1); others wait in line. */
  readonly callsPerSecond?: number;
  /** Requests at the same time (100) before 429. */
  readonly maxConcurrentRequests?: number;
  /** See `Troubles`. */
  readonly trouble?: string;
  /** Makes chance repeatable. */
  readonly seed?: number;
  /** All time of the network: rings, queues, conversations. */
  readonly clock?: Clock;
  /** How many times as fast everything but the conversations goes (1). */
  readonly speed?: number;
  /** Takes lines for people, without numbers and words. */
  readonly write?: (line: string) => void;
}

/**
 * A telephone network for one account of Twilio's, whose REST API it speaks: it places calls to
 * simulated callees, rings the server, and posts signed webhooks. Disposing ends all calls.
 */
export class PhoneNetwork implements AsyncDisposable {
  readonly exchange: Exchange;
  readonly numbers: PhoneNumbers;
  readonly troubles: Troubles;
  /** What is to be `TWILIO_API_BASE_URL`. */
  readonly url: string;
  readonly #callbacks: Callbacks;
  readonly #resources: AsyncDisposable;

  private constructor(
    { exchange, numbers, troubles }: Pick<PhoneNetwork, 'exchange' | 'numbers' | 'troubles'>,
    url: string,
    callbacks: Callbacks,
    resources: AsyncDisposable,
  ) {
    this.exchange = exchange;
    this.numbers = numbers;
    this.troubles = troubles;
    this.url = url;
    this.#callbacks = callbacks;
    this.#resources = resources;
  }

  /** Throws a `ListenError` when the address is not to be had, a `TroubleError` for unknown troubles. */
  static async open(options: PhoneNetworkOptions): Promise<PhoneNetwork> {
    const { accountSid, authToken, clock = new FrameClock(), write = () => {} } = options;
    await using stack = new AsyncDisposableStack();
    const pace = new Pace(clock, options.speed);
    const troubles = new Troubles(options.trouble ?? '', options.seed);
    const numbers = numbersOf(options);
    const studio = stack.use(new Studio(options.studio));
    const webhooks = new WebhookClient(authToken);
    const callbacks = stack.use(new Callbacks(webhooks, troubles, pace, write));
    let url = '';
    const baseUrl = () => url;
    const exchange = stack.use(
      new Exchange({
        accountSid,
        authToken,
        callees: options.callees ?? new Callees(),
        studio,
        clock,
        pace,
        queue: new DialQueue(pace, options.callsPerSecond ?? 1),
        callbacks,
        write,
        baseUrl,
      }),
    );
    const account = { accountSid, exchange, numbers, studio, troubles, baseUrl };
    const { host = '127.0.0.1', port = 0, maxConcurrentRequests = 100 } = options;
    const listening = { account, authToken, host, port, maxConcurrentRequests, pace };
    const server = stack.use(await RestServer.open({ ...listening, complain: write }));
    url = server.url;
    return new PhoneNetwork({ exchange, numbers, troubles }, url, callbacks, stack.move());
  }

  /** Resolves when every callback so far has been answered. */
  settled(): Promise<void> {
    return this.#callbacks.settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources[Symbol.asyncDispose]();
  }
}

function numbersOf({ numbers: given = [], voiceUrl = '' }: PhoneNetworkOptions): PhoneNumbers {
  const numbers = new PhoneNumbers();
  for (const number of given) numbers.add(number, { voiceUrl });
  return numbers;
}
