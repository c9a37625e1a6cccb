import type { SpoolDisk } from '../live/spool-disk.ts';

/** A spool for servers that are to leave nothing behind. */
export function memoryDisk(): SpoolDisk {
  const files = new Map<string, string>();
  return {
    list: async () => [...files].map(([name, text]) => ({ name, bytes: Buffer.byteLength(text) })),
    read: async (name) => files.get(name) ?? '',
    append: async (name, text) => {
      files.set(name, (files.get(name) ?? '') + text);
    },
    remove: async (name) => {
      files.delete(name);
    },
  };
}
