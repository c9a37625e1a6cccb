import { once } from 'node:events';
import { type FileHandle, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { DatabaseError } from '../database-error.ts';

/**
 * Says that this process owns a data directory, until it ends in whatever way. Two sockets: an
 * abstract one, which two processes of one machine cannot both have, and one in the directory
 * itself, which another container with the same volume can see.
 */
export async function lockData(dir: string, handle: FileHandle): Promise<AsyncDisposable> {
  const { dev, ino } = await stat(dir);
  const own = await listen(`\0earshot-database-${dev}-${ino}`);
  if (own === null) throw inUse(dir);
  try {
    const shared = await lockVolume(dir, handle);
    return { [Symbol.asyncDispose]: () => release(own, shared) };
  } catch (error) {
    await close(own);
    throw error;
  }
}

async function lockVolume(dir: string, handle: FileHandle): Promise<Server | null> {
  // Sockets' paths have 107 bytes at most; this one is short wherever the directory is.
  const path = `/proc/self/fd/${handle.fd}/server.sock`;
  if (await answers(path)) throw inUse(dir);
  await rm(path, { force: true });
  return listen(path);
}

/** Null: somebody else listens there, or this file system has no sockets. */
async function listen(path: string): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen({ path });
    await once(server, 'listening');
    server.unref();
    return server;
  } catch {
    return null;
  }
}

async function answers(path: string): Promise<boolean> {
  const socket = connect({ path });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    // Nobody is there: whoever made the socket has ended.
    return false;
  } finally {
    socket.destroy();
  }
}

async function release(own: Server, shared: Server | null): Promise<void> {
  if (shared) await close(shared);
  await close(own);
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  await once(server, 'close');
}

function inUse(dir: string): DatabaseError {
  return new DatabaseError(
    'data-directory-in-use',
    `Another server uses ${dir}. Stop it, or give this one a directory of its own.`,
  );
}
