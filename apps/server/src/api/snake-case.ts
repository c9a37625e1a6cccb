/** What users gave or tools returned: its names are theirs. */
const THEIRS = ['arguments', 'result', 'metadata'];

type Json = Readonly<Record<string, unknown>>;

/** The object as the API spells it: `startMs` is `start_ms`, in whole milliseconds. */
export function snakeCase(object: Json): Json {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      THEIRS.includes(name) ? value : spelled(name, value),
    ]),
  );
}

function spelled(name: string, value: unknown): unknown {
  if (isObject(value)) return snakeCase(value);
  return typeof value === 'number' && name.endsWith('Ms') ? Math.round(value) : value;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
