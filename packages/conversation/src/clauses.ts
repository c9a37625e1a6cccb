/** Shorter than this the first clause is not worth a synthesis of its own. */
const SHORTEST_FIRST = 12;
/** A sentence longer than this is split at a comma, so that barge-in and resuming stay fine-grained. */
const LONGEST = 180;

const ABBREVIATION =
  /(?:^|[\s(])(?:mr|mrs|ms|dr|st|ave|blvd|rd|no|vs|etc|e\.g|i\.e|inc|jr|sr|prof|approx|[a-z])\.$/i;

/** The pieces of a whole text. */
export function clausesOf(text: string): string[] {
  const splitter = new ClauseSplitter();
  return [...splitter.push(text), ...splitter.end()];
}

/** Splits streamed text into pieces to be spoken: a short first clause, then sentence by sentence. */
export class ClauseSplitter {
  #text = '';
  #first = true;

  /** Adds text and returns the pieces that are complete. */
  push(text: string): string[] {
    this.#text += text;
    const pieces: string[] = [];
    for (let end = this.#end(); end > 0; end = this.#end()) {
      const piece = this.#text.slice(0, end).trim();
      this.#text = this.#text.slice(end);
      if (piece === '') continue;
      this.#first = false;
      pieces.push(piece);
    }
    return pieces;
  }

  /** The text is over: returns the rest. */
  end(): string[] {
    const rest = this.#text.trim();
    this.#text = '';
    return rest === '' ? [] : [rest];
  }

  /** Where the first complete piece ends; 0 when it is not complete yet. */
  #end(): number {
    for (const match of this.#text.matchAll(/[.!?…]+["')\]]*\s+|\n+|[,;:–—]\s+|\s[–—-]\s+/g)) {
      const end = match.index + match[0].length;
      const before = this.#text.slice(0, match.index + match[0].trimEnd().length);
      if (before.trim() === '') continue;
      if (/^[\s.!?…\n]/.test(match[0]) && !/^\s[–—-]/.test(match[0])) {
        if (!ABBREVIATION.test(before)) return end;
      } else if (this.#first ? before.trim().length >= SHORTEST_FIRST : end > LONGEST) {
        return end;
      }
    }
    return 0;
  }
}
