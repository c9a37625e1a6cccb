import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const PAGE = 'docs/architecture.md';
const page = readFileSync(PAGE, 'utf8');
const files = globSync('{packages,apps,bench}/**/*.ts', { exclude: ['**/node_modules/**'] });

/** Rows of the page's tables that begin with a guarantee's number. */
const rows = page.split('\n').filter((line) => /^\| \d+ \|/.test(line));

/** A test and the file that the page says it is in. */
interface Named {
  readonly file: string;
  readonly name: string;
}

/** What a row names: files in backquotes, each followed by names in quotes; short paths stay in the package named last. */
function namedIn(row: string): Named[] {
  const tests = row.split(' | ').at(-1) ?? '';
  let sources = '';
  let file = '';
  return [...tests.matchAll(/`([\w./-]+\.ts)`|"([^"]+)"/g)].flatMap(([, path, name]) => {
    if (path !== undefined) {
      sources = /^(packages|apps)\/\w+\/src\//.exec(path)?.[0] ?? sources;
      file = path.startsWith(sources) ? path : sources + path;
    }
    return name === undefined ? [] : [{ file, name }];
  });
}

const named = rows.flatMap(namedIn);

/** A name may go on in the source where the page has enough of it: at a mark, or a placeholder. */
const ENDS = /^['"`$;:,]/;

test.each(named)('$file has the test "$name"', ({ file, name }) => {
  const source = readFileSync(file, 'utf8');
  const places = ["'", '"', '`'].flatMap((quote) => source.split(quote + name).slice(1));
  expect(places.some((rest) => ENDS.test(rest))).toBe(true);
});

test('all 13 guarantees are on the page, and those that are held have tests', () => {
  const numbers = new Set(rows.map((row) => Number(/\d+/.exec(row)?.[0])));
  expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, i) => i + 1));
  const held = page.slice(page.indexOf('## Guarantees'), page.indexOf('Not held yet'));
  for (const row of held.split('\n').filter((line) => /^\| \d+ \|/.test(line)))
    expect(namedIn(row).length, row.slice(0, 80)).toBeGreaterThan(0);
});

test('every file that the page names is there', () => {
  const mentioned = [...page.matchAll(/`([\w./-]+\.ts)`/g)].map(([, path = '']) => path);
  const missing = mentioned.filter(
    (path) => !files.some((file) => file === path || file.endsWith(`/${path}`)),
  );
  expect(missing.filter((path) => !globSync(path).length)).toEqual([]);
});
