import { chown, lchown, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseError } from '../database-error.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** As whom PostgreSQL runs when we are root, as whom it refuses to run. */
export interface Owners {
  /** Runs the server and owns its files. Nobody else has this number, so nobody else can read them. */
  readonly server: Owner;
  /** `initdb` and single-user mode refuse to run as a number without a name. */
  readonly named: Owner;
}

const FIRST_UID = 5432;

/** Null when we are an ordinary user: all is done as ourselves. */
export async function ownersOf(cluster: string): Promise<Owners | null> {
  if (process.geteuid?.() !== 0) return null;
  const users = await knownUsers();
  const named = users.get('nobody') ?? [...users.values()].find(({ uid }) => uid !== 0);
  if (!named)
    throw new DatabaseError(
      'embedded-impossible',
      'PostgreSQL does not run as root, and /etc/passwd names no other user: add one, or set DATABASE_URL.',
    );
  return { server: (await ownerOf(cluster, named)) ?? freeOwner(users), named };
}

/** Who had the files until now; null: we, or whoever prepared them when it was interrupted. */
async function ownerOf(cluster: string, named: Owner): Promise<Owner | null> {
  const found = await stat(cluster).catch(() => null);
  return found && found.uid !== 0 && found.uid !== named.uid ? found : null;
}

function freeOwner(users: ReadonlyMap<string, Owner>): Owner {
  const taken = new Set([...users.values()].flatMap(({ uid, gid }) => [uid, gid]));
  let id = FIRST_UID;
  while (taken.has(id)) id++;
  return { uid: id, gid: id };
}

async function knownUsers(): Promise<ReadonlyMap<string, Owner>> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [name = '', , uid = '', gid = ''] = line.split(':');
      const owner = { uid: Number(uid), gid: Number(gid) };
      return /^\d+$/.test(uid) && /^\d+$/.test(gid) ? [[name, owner] as const] : [];
    }),
  );
}

/**
 * Gives a directory and all in it to somebody. `last`: the directory itself comes last, so that its
 * owner tells whether it was done to the end.
 */
export async function giveTo(dir: string, { uid, gid }: Owner, order: 'first' | 'last') {
  if (order === 'first') await chown(dir, uid, gid);
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true }))
    await lchown(join(entry.parentPath, entry.name), uid, gid);
  if (order === 'last') await chown(dir, uid, gid);
}
