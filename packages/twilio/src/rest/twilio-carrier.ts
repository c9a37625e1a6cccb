import {
  CallError,
  type Carrier,
  type CarrierCall,
  type DialOrder,
  isTerminal,
  type PhoneLeg,
} from '@earshot/calls';
import { dial, inlineTwiml, playDigits, redirect } from '../twiml.ts';
import { wayBack } from '../way-back.ts';
import { CallResource, carrierCall, isCallSid } from './call-resource.ts';
import { dialParameters, E164 } from './dial-parameters.ts';
import { CLOCK_MARGIN_MS, candidates, type OwnerOf } from './find-call.ts';
import { callPath, NOT_FOUND, unless, update } from './live-call.ts';
import type { Attempt } from './rest-failure.ts';
import type { TwilioRest } from './twilio-rest.ts';
import { UnclearDials } from './unclear-dials.ts';

export interface TwilioCarrierOptions {
  readonly rest: TwilioRest;
  /** A URL of ours, as Twilio reaches it, for a path like `/twilio/voice`. */
  readonly urlOf: (path: string) => string;
  /** The TwiML that an answered call begins with; at most 4000 characters. */
  readonly twimlFor: (order: DialOrder) => string | Promise<string>;
  /** Told by whoever keeps the calls, so that `find` takes no call for another. Default: unknown. */
  readonly ownerOf?: OwnerOf;
}

const DIGITS = /^[0-9*#w]{1,100}$/;
/** How long it rings where a caller is connected to. */
const TRANSFER_RING_S = 30;

/** Phone calls by Twilio's REST API. */
export class TwilioCarrier implements Carrier {
  readonly #options: TwilioCarrierOptions;
  readonly #dials = new UnclearDials();

  constructor(options: TwilioCarrierOptions) {
    this.#options = options;
  }

  async dial(order: DialOrder, signal: AbortSignal): Promise<string> {
    const { rest, urlOf } = this.#options;
    const parameters = dialParameters(order, await this.#twimlFor(order), urlOf);
    const request = { path: 'Calls.json', parameters, shape: CallResource };
    return this.#dials.during(order, async () => {
      const { sid } = await rest.post({ ...request, what: 'a dial', once: true }, signal);
      return sid;
    });
  }

  /**
   * Twilio's list of calls tells neither the callback's URL nor anything else of ours, and the log of
   * a call's callbacks can be read only long after its end. So a call is found by its numbers, its
   * direction and the moment of its creation, among those of which `ownerOf` and this process know no
   * owner. Where more than one is left, or another dial of this process between the same numbers is
   * unclear, too, nobody's call is guessed: the answer is null, and what settles it are the status
   * callbacks and the media stream, which carry our call id. What stays open is the dial of another
   * process, or of another program with this account, between the same numbers in the same seconds.
   */
  async find(order: DialOrder, sinceMs: number, signal: AbortSignal): Promise<CarrierCall | null> {
    const { rest } = this.#options;
    const ownerOf: OwnerOf = async (carrierCallId) =>
      this.#dials.ownerOf(carrierCallId) ?? (await this.#options.ownerOf?.(carrierCallId)) ?? null;
    const { ours, strays, owners } = await candidates(rest, order, sinceMs, ownerOf, signal);
    const rivals = this.#dials.rivalsOf(order, sinceMs - CLOCK_MARGIN_MS);
    const isCertain = strays.length === 1 && rivals.every((rival) => owners.has(rival));
    const found = ours ?? (isCertain ? strays[0] : undefined) ?? null;
    if (found) this.#dials.settle(order.callId, found.carrierCallId);
    return found;
  }

  async lookUp(carrierCallId: string, signal: AbortSignal): Promise<CarrierCall | null> {
    if (!isCallSid(carrierCallId)) return null;
    const request = {
      path: callPath(carrierCallId),
      shape: CallResource,
      what: 'a look at a call',
    };
    const call = await unless([NOT_FOUND], () => this.#options.rest.get(request, signal));
    return call && carrierCall(call);
  }

  /**
   * Before the answer a call is canceled, so that it ends as such; that does nothing to a call which
   * was answered meanwhile, and it is completed then. A call that Twilio does not know is completed
   * blindly: what was just dialled may not be readable yet.
   */
  async hangUp(carrierCallId: string, signal: AbortSignal): Promise<void> {
    const { status = 'in-progress' } = (await this.lookUp(carrierCallId, signal)) ?? {};
    if (isTerminal(status)) return;
    const end = (Status: 'canceled' | 'completed') =>
      this.#update(carrierCallId, { Status }, { what: 'a hang-up' }, signal);
    const canceled = status === 'in-progress' ? null : await end('canceled');
    if (canceled === null || canceled.status === 'in-progress') await end('completed');
  }

  async transfer(leg: PhoneLeg, to: string, signal: AbortSignal): Promise<void> {
    if (!E164.test(to)) throw new CallError('bad-number', 'A transfer goes to an E.164 number');
    const action = wayBack(this.#options.urlOf, leg.callId);
    const verb = dial(to, { action, answerOnBridge: true, timeoutSeconds: TRANSFER_RING_S });
    await this.#instruct(leg.carrierCallId, inlineTwiml(verb), { what: 'a transfer' }, signal);
  }

  /** New TwiML ends the media stream: the keys are pressed, and then Twilio asks how to go on. */
  async sendDigits(leg: PhoneLeg, digits: string, signal: AbortSignal): Promise<void> {
    if (!DIGITS.test(digits)) throw new CallError('carrier-refused', 'Keys are 0–9, *, # and w');
    const verbs = [playDigits(digits), redirect(wayBack(this.#options.urlOf, leg.callId))];
    const attempt = { what: 'pressed keys', once: true };
    await this.#instruct(leg.carrierCallId, inlineTwiml(...verbs), attempt, signal);
  }

  /** Without it nothing is sent: whatever fails here is told as such. */
  async #twimlFor(order: DialOrder): Promise<string> {
    try {
      return await this.#options.twimlFor(order);
    } catch (cause) {
      if (cause instanceof CallError) throw cause;
      throw new CallError('carrier-unavailable', 'No TwiML could be made for a dial', { cause });
    }
  }

  async #instruct(sid: string, twiml: string, attempt: Attempt, signal: AbortSignal) {
    if (await this.#update(sid, { Twiml: twiml }, attempt, signal)) return;
    const status = (await this.lookUp(sid, signal))?.status ?? 'completed';
    if (status === 'in-progress' || isTerminal(status))
      throw new CallError('call-over', 'The call is over');
    throw new CallError('call-not-answered', 'The call has not been answered');
  }

  #update(sid: string, parameters: Record<string, string>, attempt: Attempt, signal: AbortSignal) {
    return update(this.#options.rest, sid, parameters, attempt, signal);
  }
}
