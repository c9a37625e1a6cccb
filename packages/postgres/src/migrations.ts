import { readdir, readFile } from 'node:fs/promises';

/** One step of the schema, both ways, as plain SQL. */
export interface Migration {
  /** From 1. */
  readonly number: number;
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

const FOLDER = new URL('../migrations/', import.meta.url);

/** All steps in order. Files are `0000_name.sql` and `0000_name.down.sql`, without gaps. */
export async function loadMigrations(folder = FOLDER): Promise<readonly Migration[]> {
  const files = await readdir(folder);
  const names = files.filter((file) => /^\d{4}_\w+\.sql$/.test(file)).sort();
  return Promise.all(
    names.map(async (file, i) => {
      const name = file.slice(0, -'.sql'.length);
      if (Number(name.slice(0, 4)) !== i) throw new Error(`There is no migration before ${file}.`);
      const [up, down] = await Promise.all([
        readFile(new URL(file, folder), 'utf8'),
        readFile(new URL(`${name}.down.sql`, folder), 'utf8'),
      ]);
      return { number: i + 1, name, up, down };
    }),
  );
}
