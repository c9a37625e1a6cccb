/** Longer lines are not what a language model streams. */
const MAX_LINE_CHARS = 1_000_000;

/**
 * Text lines of a byte stream, without their ends (\n or \r\n) and however the bytes were cut into
 * pieces, inside a character too. A last line without an end counts. Throws `tooLong()` for a line
 * of more than a million characters.
 */
export async function* lines(
  chunks: AsyncIterable<Uint8Array>,
  tooLong: () => Error,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) yield part.endsWith('\r') ? part.slice(0, -1) : part;
    if (rest.length > MAX_LINE_CHARS) throw tooLong();
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** The `data` of a stream of server-sent events (WHATWG HTML §9.2.6); comments and names are left out. */
export async function* eventData(source: AsyncIterable<string>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of source) {
    if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    if (line !== '' || data.length === 0) continue;
    yield data.join('\n');
    data = [];
  }
  if (data.length > 0) yield data.join('\n');
}
