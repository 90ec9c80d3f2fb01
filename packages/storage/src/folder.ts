import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkKey, KeyTaken, NoSuchBlob, type Range, type Storage, type Stored } from './storage.ts';

const code = (error: unknown) => (error as NodeJS.ErrnoException).code;

/**
 * Blobs as files below `folder`. A blob is written beside, synced to disk and only then given its name, so a file
 * that is there is whole, also after a power cut. For one machine; several machines need an object store.
 */
export function openFolderStorage(folder: string): Storage {
  const pathOf = (key: string) => join(folder, ...checkKey(key).split('/'));

  return {
    async put(key, body) {
      const path = pathOf(key);
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      const part = `${path}.${randomBytes(6).toString('hex')}.part`;
      try {
        const stored = await writeWhole(part, body);
        // Unlike a rename, a link fails when the name is taken, whoever wrote it and whenever.
        await link(part, path);
        await syncFolder(join(path, '..'));
        return stored;
      } catch (error) {
        throw code(error) === 'EEXIST' ? new KeyTaken(key) : error;
      } finally {
        await rm(part, { force: true });
      }
    },

    async get(key, range) {
      const path = pathOf(key);
      const { size } = await stat(path).catch((error: unknown) => {
        throw code(error) === 'ENOENT' ? new NoSuchBlob(key) : error;
      });
      return createReadStream(path, range ? within(range, size) : {});
    },

    async stat(key) {
      try {
        const { size, mtime } = await stat(pathOf(key));
        return { size, modified: mtime };
      } catch (error) {
        if (code(error) === 'ENOENT') return null;
        throw error;
      }
    },

    async delete(key) {
      await rm(pathOf(key), { force: true });
    },

    async *list(prefix) {
      const spaces = (await entries(folder)).filter(
        (space) => `${space}/`.startsWith(prefix) || prefix.startsWith(`${space}/`),
      );
      for (const space of spaces) {
        for (const blob of await entries(join(folder, space))) {
          const key = `${space}/${blob}`;
          if (!blob.endsWith('.part') && key.startsWith(prefix)) yield key;
        }
      }
    },
  };
}

async function writeWhole(path: string, body: AsyncIterable<Uint8Array>): Promise<Stored> {
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of body) {
      hash.update(chunk);
      size += chunk.byteLength;
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { size, sha256: hash.digest('hex') };
}

/** A new name is on disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function within(range: Range, size: number): { start: number; end: number } {
  const { start, end = size - 1 } = range;
  if (!Number.isSafeInteger(start) || start < 0 || start >= size || end < start) {
    throw new RangeError(`Bytes ${start}–${end} lie outside a blob of ${size} bytes.`);
  }
  return { start, end: Math.min(end, size - 1) };
}

async function entries(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (code(error) === 'ENOENT') return [];
    throw error;
  }
}
