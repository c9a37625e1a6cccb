import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** First byte of a frame (RFC 6455 §5.2): one that is a whole message of text. */
const WHOLE_TEXT = 0x81;
const PING = 0x89;
const PONG = 0x8a;
/** Second byte: masked, as every client's frame is, and a length or what stands for it. */
const MASKED = 0x80;
const TWO_BYTES_FOLLOW = MASKED | 126;
const MASK_BYTES = 4;
/** Media messages have some 400 bytes; longer ones are rare, and `ws` has the limits for them. */
const LONGEST_BYTES = 16 * 1024;

type Listener = (chunk: Buffer) => void;

interface Frame {
  readonly opening: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads whole text messages from the TCP socket under a fresh WebSocket, and emits them on it as `ws`
 * would, at a third of the cost. Pings and pongs go to `ws`; from the first frame on that is anything
 * else (a close, a fragment, a long or a malformed one), everything does.
 */
export function readMessages(socket: WebSocket, transport: Duplex): void {
  const [toLibrary, ...others] = transport.listeners('data') as Listener[];
  if (!toLibrary || others.length > 0) return;
  const handOver: Listener = (chunk) => toLibrary.call(transport, chunk);
  let held: Buffer | null = null;

  const read = (arrived: Buffer): void => {
    const chunk = held ? Buffer.concat([held, arrived]) : arrived;
    held = null;
    for (let at = 0; at < chunk.length; ) {
      const frame = frameAt(chunk, at);
      if (frame === 'incomplete') {
        held = chunk.subarray(at);
        return;
      }
      if (frame === 'other' || !give(chunk, frame)) {
        leave(chunk.subarray(at));
        return;
      }
      at = frame.end;
    }
  };

  /** False for a message that is no text: what to do about it is up to `ws`. */
  const give = (chunk: Buffer, { opening, start, end }: Frame): boolean => {
    if (opening !== WHOLE_TEXT) {
      handOver(chunk.subarray(start, end));
      return true;
    }
    const text = unmasked(chunk, start, end);
    if (!isUtf8(text)) return false;
    socket.emit('message', text, false);
    return true;
  };

  const leave = (rest: Buffer): void => {
    transport.on('data', toLibrary);
    transport.off('data', read);
    handOver(rest);
  };

  transport.on('data', read);
  transport.off('data', toLibrary);
}

/** The frame that begins here, if it is one that can be read here. */
function frameAt(chunk: Buffer, at: number): Frame | 'incomplete' | 'other' {
  const opening = chunk[at] ?? 0;
  const isControl = opening === PING || opening === PONG;
  if (opening !== WHOLE_TEXT && !isControl) return 'other';
  if (chunk.length < at + 4) return 'incomplete';
  const second = chunk[at + 1] ?? 0;
  const isLong = second === TWO_BYTES_FOLLOW;
  if (second < MASKED || second > TWO_BYTES_FOLLOW || (isControl && isLong)) return 'other';
  const length = isLong ? chunk.readUInt16BE(at + 2) : second - MASKED;
  if (length > LONGEST_BYTES) return 'other';
  const end = at + (isLong ? 4 : 2) + MASK_BYTES + length;
  return end > chunk.length ? 'incomplete' : { opening, start: at, end };
}

/** The text of a frame; the frame itself stays as it is. */
function unmasked(chunk: Buffer, start: number, end: number): Buffer {
  const mask = start + (chunk[start + 1] === TWO_BYTES_FOLLOW ? 4 : 2);
  const at = mask + MASK_BYTES;
  const text = Buffer.allocUnsafe(end - at);
  for (let i = 0; i < text.length; i += 1)
    text[i] = (chunk[at + i] ?? 0) ^ (chunk[mask + (i & 3)] ?? 0);
  return text;
}
