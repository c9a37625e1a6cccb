/**
 * The text as every store can keep it: PostgreSQL knows no U+0000, and UTF-8 no half of a surrogate
 * pair. The first is left out, the second becomes U+FFFD.
 */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

/** A copy of a JSON value with all its texts, names of fields included, as every store can keep them. */
export function storable<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) => {
    if (typeof part === 'string') return storableText(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    const fields = Object.entries(part);
    if (fields.every(([name]) => name === storableText(name))) return part;
    return Object.fromEntries(fields.map(([name, field]) => [storableText(name), field]));
  });
}
