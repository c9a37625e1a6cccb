import type { WebSocket } from 'ws';
import type { LineFault } from './line-fault.ts';
import { type MediaMessage, parseMediaMessage } from './media-message.ts';
import { TwilioError, type TwilioErrorCode } from './twilio-error.ts';

/** What Twilio says of a stream when it begins. */
export interface StreamStart {
  readonly streamSid: string;
  readonly callSid: string;
  readonly accountSid: string;
  readonly customParameters: Readonly<Record<string, string>>;
}

export interface StreamStartOptions {
  /** Whether this stream is wanted. Called once. */
  readonly authorize: (start: StreamStart) => boolean;
  readonly startTimeoutMs: number;
  readonly report: (fault: LineFault) => void;
}

/** WebSocket close code for "not for me" (RFC 6455 §7.4.1). */
const POLICY_VIOLATION = 1008;
/** A stream that brings more nonsense than this before it starts is none. */
const MOST_FAULTS = 5;

/**
 * Waits for the stream's `start` and opens what it is for, in the same turn of the event loop so
 * that no message behind it is missed. Rejects with a `TwilioError`, or the signal's reason, and
 * closes the socket then.
 */
export function startStream<T>(
  socket: WebSocket,
  options: StreamStartOptions,
  open: (start: StreamStart) => T,
  signal: AbortSignal,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const fail = (error: unknown) => {
    leave();
    socket.close(POLICY_VIOLATION);
    reject(error);
  };
  const failWith = (code: TwilioErrorCode, message: string) => fail(new TwilioError(code, message));
  let faults = 0;
  const onMessage = (data: Buffer, isBinary: boolean) => {
    const message = parseMediaMessage(data, isBinary);
    if (message.event === 'connected') return;
    if (message.event !== 'start') {
      options.report(message.event === 'rejected' ? message.fault : 'before-start');
      faults += 1;
      if (faults >= MOST_FAULTS) failWith('garbage-before-start', 'The stream does not start');
      return;
    }
    const refusal = refuse(message.start, options.authorize);
    if (refusal) return fail(refusal);
    leave();
    const { streamSid, callSid, accountSid, customParameters } = message.start;
    resolve(open({ streamSid, callSid, accountSid, customParameters }));
  };
  const onClose = () => failWith('closed-before-start', 'The socket closed before the start');
  const onAbort = () => fail(signal.reason);
  const timer = setTimeout(
    () => failWith('start-timeout', 'The stream did not start in time'),
    options.startTimeoutMs,
  );
  const leave = () => {
    clearTimeout(timer);
    socket.off('message', onMessage).off('close', onClose);
    signal.removeEventListener('abort', onAbort);
  };
  socket.on('message', onMessage).on('close', onClose).on('error', closeFollows);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  return promise;
}

function refuse(
  start: Extract<MediaMessage, { event: 'start' }>['start'],
  authorize: StreamStartOptions['authorize'],
): TwilioError | null {
  const { encoding, sampleRate, channels } = start.mediaFormat;
  if (encoding !== 'audio/x-mulaw' || sampleRate !== 8000 || channels !== 1)
    return new TwilioError('unsupported-format', 'The stream is not µ-law, 8 kHz, mono');
  return authorize(start) ? null : new TwilioError('stream-refused', 'The stream is not wanted');
}

/** `ws` reports a broken socket twice; without a listener the first report ends the process. */
function closeFollows(): void {}
