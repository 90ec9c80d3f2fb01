import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, Readable, Transform } from 'node:stream';
import { inBatches } from './batches.ts';
import { NoSuchBlob, StorageUnavailable } from './faults.ts';
import { codeOf, entries, giveName, makeFolders, onDisk, writeAll } from './files-on-disk.ts';
import { stageInFolder } from './folder-stages.ts';
import { checkKey, isKey, type Range, type Storage, type Stored, within } from './storage.ts';

const MIB = 2 ** 20;

/** Where unfinished things lie, inside the folder so that giving them their name is one step on one disk. */
const STAGED = '.staged';

/**
 * Blobs as files below `folder`. A blob is written beside, synced to disk and only then given its name, so a file
 * that is there is whole, also after a power cut. For one machine; several machines need an object store.
 */
export function openFolderStorage(folder: string): Storage {
  const pathOf = (key: string) => join(folder, ...checkKey(key).split('/'));
  const staged = join(folder, STAGED);
  const prepare = () => makeFolders(staged);

  /** Lets `fill` write a file of its own, then gives that its name. */
  async function bear<T>(key: string, fill: (path: string) => Promise<T>): Promise<T> {
    const path = pathOf(key);
    const part = join(staged, `put.${randomBytes(12).toString('hex')}`);
    return onDisk(async () => {
      await prepare();
      try {
        const result = await fill(part);
        await giveName(part, path, key);
        return result;
      } finally {
        await rm(part, { force: true });
      }
    });
  }

  return {
    ready: () => onDisk(async () => void (await prepare())),
    put: async (key, body) => bear(key, (path) => writeWhole(path, body)),
    async copy(from, to) {
      const source = pathOf(from);
      return bear(to, async (path) => {
        await copyFile(source, path, constants.COPYFILE_FICLONE).catch((error: unknown) => {
          throw codeOf(error) === 'ENOENT' ? new NoSuchBlob(from) : error;
        });
        const file = await open(path, 'r+');
        await file.sync().finally(() => file.close());
      });
    },

    async get(key, range) {
      const path = pathOf(key);
      return onDisk(() => read(path, key, range));
    },

    async stat(key) {
      const path = pathOf(key);
      return onDisk(async () => {
        try {
          const { size, mtime } = await stat(path);
          return { size, modified: mtime };
        } catch (error) {
          if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
          throw error;
        }
      });
    },

    async delete(key) {
      const path = pathOf(key);
      await onDisk(() => rm(path, { force: true }));
    },

    list: (prefix) => keysIn(folder, prefix),

    ...stageInFolder(staged, pathOf),
  };
}

async function read(path: string, key: string, range: Range | undefined): Promise<Readable> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw codeOf(error) === 'ENOENT' ? new NoSuchBlob(key) : error;
  });
  try {
    const { size } = await file.stat();
    const { start, end } = range ? within(range, size) : { start: 0, end: size - 1 };
    if (end >= start) {
      return whole(file.createReadStream({ start, end, highWaterMark: MIB / 4 }), end - start + 1);
    }
    await file.close();
    return Readable.from([]);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function* keysIn(folder: string, prefix: string): AsyncGenerator<string> {
  for (const space of await onDisk(() => entries(folder))) {
    if (!`${space}/`.startsWith(prefix) && !prefix.startsWith(`${space}/`)) continue;
    for (const blob of await onDisk(() => entries(join(folder, space)))) {
      const key = `${space}/${blob}`;
      if (isKey(key) && key.startsWith(prefix)) yield key;
    }
  }
}

async function writeWhole(path: string, body: AsyncIterable<Uint8Array>): Promise<Stored> {
  const hash = createHash('sha256');
  const batches = inBatches(body);
  let size = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for (let batch = await batches.next(MIB); batch; batch = await batches.next(MIB)) {
      for (const chunk of batch.chunks) hash.update(chunk);
      size = await writeAll(file, batch.chunks, size);
    }
    batches.rethrow();
    await file.sync();
  } finally {
    await batches.stop();
    await file.close();
  }
  return { size, sha256: hash.digest('hex') };
}

/** A file that somebody has cut short must not look like a whole one. */
function whole(stream: Readable, expected: number): Readable {
  let left = expected;
  const counted = new Transform({
    highWaterMark: MIB / 4,
    transform(chunk: Uint8Array, _, done) {
      left -= chunk.byteLength;
      done(null, chunk);
    },
    flush(done) {
      done(left === 0 ? null : new StorageUnavailable(`a file ends ${left} bytes too early.`));
    },
  });
  return pipeline(stream, counted, () => {});
}
