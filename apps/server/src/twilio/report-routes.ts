import { CARRIER_STATUSES, type CarrierStatus, isTerminal } from '@earshot/calls';
import { answeredBy } from '@earshot/twilio';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Services } from '../services.ts';
import { callIdOf, callSidOf, field, type WebhookRequest } from './webhook.ts';

/** A report that is later than this happened when the carrier says, and not now. */
const LATE_MS = 2_000;
const LATEST_MS = 24 * 60 * 60_000;
const HANG_UP_TIMEOUT_MS = 30_000;

/** Where Twilio tells what becomes of calls. Always answered at once: what is told is handed on. */
export function reportRoutes(app: FastifyInstance, services: Services): void {
  const { reports, log, callSids } = services;
  const idOf = async (request: WebhookRequest): Promise<string> => {
    const callSid = callSidOf(request);
    const isNamed = request.params.callId !== undefined;
    const callId = isNamed ? callIdOf(request) : await callSids.callIdOf(callSid);
    callSids.learn(callSid, callId);
    return callId;
  };
  const taken = (reply: FastifyReply) => reply.send({ status: 'ok' });

  const status = async (request: WebhookRequest, reply: FastifyReply) => {
    const carrierCallId = callSidOf(request);
    const callId = await idOf(request);
    const told = statusOf(request);
    if (told) {
      const [sequence, atMs] = [sequenceOf(request), momentOf(request)];
      reports.tell(callId, { type: 'carrier', carrierCallId, status: told, sequence, atMs });
      if (!isTerminal(told)) void hangUpIfOver(services, callId, carrierCallId);
    }
    return taken(reply);
  };
  app.post('/twilio/status', status);
  app.post('/twilio/status/:callId', status);

  const machine = async (request: WebhookRequest, reply: FastifyReply) => {
    const callId = await idOf(request);
    const who = answeredBy(field(request, 'AnsweredBy'));
    if (who) reports.tell(callId, { type: 'answered-by', answeredBy: who });
    return taken(reply);
  };
  app.post('/twilio/amd', machine);
  app.post('/twilio/amd/:callId', machine);

  const recording = async (request: WebhookRequest, reply: FastifyReply) => {
    log.info({ callId: await idOf(request) }, 'the carrier has recorded');
    return taken(reply);
  };
  app.post('/twilio/recording', recording);
  app.post('/twilio/recording/:callId', recording);

  app.post('/twilio/stream-status', async (request: WebhookRequest, reply) => {
    const isError = field(request, 'StreamEvent') === 'stream-error';
    if (isError) log.warn('the carrier reports a stream error');
    return reply.send({ received: true });
  });
}

/** A call that has ended with us and goes on at the carrier costs money and disturbs people. */
async function hangUpIfOver(
  { store, carrier, log }: Services,
  callId: string,
  carrierCallId: string,
): Promise<void> {
  try {
    const call = await store.find(callId);
    if (call?.phase !== 'ended') return;
    log.warn({ callId }, 'a call that has ended still lives at the carrier');
    await carrier.hangUp(carrierCallId, AbortSignal.timeout(HANG_UP_TIMEOUT_MS));
  } catch (err) {
    log.warn({ err, callId }, 'a call could not be looked after');
  }
}

function statusOf(request: WebhookRequest): CarrierStatus | null {
  const told = field(request, 'CallStatus');
  return CARRIER_STATUSES.find((status) => status === told) ?? null;
}

function sequenceOf(request: WebhookRequest): number | null {
  const told = field(request, 'SequenceNumber');
  return /^\d{1,9}$/.test(told) ? Number(told) : null;
}

/** The carrier's moments are whole seconds: ours are finer as long as the report is not late. */
function momentOf(request: WebhookRequest): number {
  const nowMs = Date.now();
  const toldMs = Date.parse(field(request, 'Timestamp'));
  const lateMs = nowMs - toldMs;
  return lateMs > LATE_MS && lateMs < LATEST_MS ? toldMs : nowMs;
}
