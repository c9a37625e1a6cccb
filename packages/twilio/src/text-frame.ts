const FINAL_TEXT = '\x81';
/** Lengths up to here are written in the header's second byte (RFC 6455 §5.2). */
const SHORT = 125;
const TWO_BYTES_FOLLOW = '\x7e';

/**
 * An unmasked WebSocket message (RFC 6455 §5.2) of ASCII text of up to 64 kB, as a string of one
 * character a byte: written to the socket as `latin1`, several messages are one cheap system call.
 */
export function textFrame(text: string): string {
  const { length } = text;
  if (length <= SHORT) return `${FINAL_TEXT}${String.fromCharCode(length)}${text}`;
  return `${FINAL_TEXT}${TWO_BYTES_FOLLOW}${String.fromCharCode(length >> 8, length & 0xff)}${text}`;
}
