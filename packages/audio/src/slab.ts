/** Some hundred frames; what is kept of one keeps the others of its slab. */
const SLAB_BYTES = 32 * 1024;
/** Longer runs are worth an ArrayBuffer of their own. */
const LONGEST_BYTES = SLAB_BYTES / 8;
const ALIGNMENT = 8;

let slab = new ArrayBuffer(SLAB_BYTES);
let used = 0;

/**
 * So many samples of silence. Short runs share an ArrayBuffer with others: a frame with one of its
 * own costs ten times as much, and more when it is collected.
 */
export function newSamples(length: number): Int16Array {
  const bytes = length * Int16Array.BYTES_PER_ELEMENT;
  if (bytes > LONGEST_BYTES) return new Int16Array(length);
  const at = take(bytes);
  return new Int16Array(slab, at, length);
}

/** So many codes, all zero. */
export function newCodes(length: number): Uint8Array {
  if (length > LONGEST_BYTES) return new Uint8Array(length);
  const at = take(length);
  return new Uint8Array(slab, at, length);
}

/** Room in the slab, which may be a new one by then. */
function take(bytes: number): number {
  if (used + bytes > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    used = 0;
  }
  const at = used;
  used += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
  return at;
}
