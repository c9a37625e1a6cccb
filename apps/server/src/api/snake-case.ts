/** What users gave or tools returned: its names are theirs. */
const THEIRS = ['arguments', 'result', 'metadata'];

type Json = Readonly<Record<string, unknown>>;

/** The object with its names as the API spells them: `startMs` is `start_ms`. */
export function snakeCase(object: Json): Json {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      isObject(value) && !THEIRS.includes(name) ? snakeCase(value) : value,
    ]),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
