/** Where a sentence or a line ends. */
const END = /[.!?](?=\s)|[。！？]|\n/g;

/**
 * The longest beginning of a text, of at most `mostChars`, that ends where a sentence or a line does;
 * where none ends in its second half, where a word does.
 */
export function clipText(text: string, mostChars: number): string {
  if (text.length <= mostChars) return text;
  const most = Math.max(0, Math.floor(mostChars));
  // The character behind shows whether a sentence or a word ends just here.
  const seen = text.slice(0, most + 1);
  const last = [...seen.matchAll(END)].findLast(({ index }) => index < most);
  const sentence = last ? last.index + 1 : 0;
  const word = Math.max(0, seen.lastIndexOf(' '), seen.lastIndexOf('\n'));
  return text.slice(0, sentence > most / 2 ? sentence : word || most).trimEnd();
}
