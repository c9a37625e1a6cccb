const ALIGNMENT = 8;

/**
 * Room for short runs of audio: a frame with an ArrayBuffer of its own costs ten times as much, and more
 * when it is collected. What is kept of one run keeps the others of its piece.
 */
export class Slab {
  readonly #pieceBytes: number;
  #piece: ArrayBuffer;
  #used = 0;

  /** Runs longer than an eighth of a piece get an ArrayBuffer of their own. */
  constructor(pieceBytes: number) {
    this.#pieceBytes = pieceBytes;
    this.#piece = new ArrayBuffer(0);
  }

  /** So many samples of silence. */
  samples(length: number): Int16Array {
    const bytes = length * Int16Array.BYTES_PER_ELEMENT;
    if (bytes > this.#pieceBytes / 8) return new Int16Array(length);
    const at = this.#take(bytes);
    return new Int16Array(this.#piece, at, length);
  }

  /** So many codes, all zero. */
  codes(length: number): Uint8Array {
    if (length > this.#pieceBytes / 8) return new Uint8Array(length);
    const at = this.#take(length);
    return new Uint8Array(this.#piece, at, length);
  }

  /** No room is given out twice. */
  #take(bytes: number): number {
    if (this.#used + bytes > this.#piece.byteLength) {
      this.#piece = new ArrayBuffer(this.#pieceBytes);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return at;
  }
}

/** For frames that pass through; some hundred share a piece. What keeps frames has a slab of its own. */
export const passing = new Slab(32 * 1024);
