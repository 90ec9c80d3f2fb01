import { createHash } from 'node:crypto';
import { addAbortSignal } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredObject } from '@engawa/domain';
import { KeyTaken, NoSuchBlob, StorageFull, type Storage, type Stored } from '@engawa/storage';
import { Stop } from '../stop.ts';

export interface Copied {
  count: number;
  bytes: number;
  /** Keys that are not where they should be, or not with their SHA-256. */
  missing: string[];
}

interface CopyOptions {
  from: Storage;
  to: Storage;
  signal: AbortSignal;
  /** The first wait before it is tried again, in milliseconds; each further one is twice as long. */
  patience?: number;
}

/** Objects on their way at the same time. */
const LANES = 4;
const TRIES = 6;

/**
 * Copies objects from one store to another, streamed, and checks the SHA-256 of each. What is at the target already
 * is checked instead of copied. A store that does not answer is asked again for about half a minute; then Stop.
 */
export async function copyObjects(
  objects: AsyncIterable<StoredObject>,
  options: CopyOptions,
): Promise<Copied> {
  const copied: Copied = { count: 0, bytes: 0, missing: [] };
  const source = objects[Symbol.asyncIterator]();
  const lane = async () => {
    for (let next = await source.next(); !next.done; next = await source.next()) {
      const size = await copyOne(next.value, options);
      if (size === null) copied.missing.push(next.value.key);
      else {
        copied.count += 1;
        copied.bytes += size;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  copied.missing.sort();
  return copied;
}

/** Bytes; null when the object is missing or is not what it was. */
async function copyOne(object: StoredObject, options: CopyOptions): Promise<number | null> {
  const { signal, patience = 500 } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await tryOne(object, options);
    } catch (error) {
      if (error instanceof NoSuchBlob) return null;
      if (error instanceof StorageFull)
        throw new Stop('There is no room left where the files are copied to.');
      signal.throwIfAborted();
      if (attempt === TRIES)
        throw new Stop(`The file store does not answer: ${(error as Error).message}`, { cause: error });
      await sleep(patience * 2 ** (attempt - 1), undefined, { signal });
    }
  }
}

async function tryOne(
  { key, sha256 }: StoredObject,
  { from, to, signal }: CopyOptions,
): Promise<number | null> {
  if (await to.stat(key)) {
    const there = await measured(await to.get(key));
    if (there.sha256 === sha256) return there.size;
    await to.delete(key);
  }
  const body = await from.get(key);
  const stored = await to.put(key, addAbortSignal(signal, body)).catch(async (error: unknown) => {
    // Its answer was lost, and it is there.
    if (error instanceof KeyTaken) return measured(await to.get(key));
    throw error;
  });
  if (stored.sha256 === sha256) return stored.size;
  await to.delete(key);
  return null;
}

async function measured(body: AsyncIterable<Uint8Array>): Promise<Stored> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of body) {
    hash.update(chunk);
    size += chunk.byteLength;
  }
  return { size, sha256: hash.digest('hex') };
}
