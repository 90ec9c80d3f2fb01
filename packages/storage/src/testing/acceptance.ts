import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { KeyTaken, NoSuchBlob } from '../faults.ts';
import { newBlobKey, type Storage } from '../storage.ts';
import { stagedAcceptance } from './staged-acceptance.ts';

const SPACE = '0199c0de-0000-7000-8000-000000000001';
const OTHER = '0199c0de-0000-7000-8000-000000000002';

async function* chunks(...parts: (Uint8Array | string)[]): AsyncIterable<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

async function* failing(): AsyncIterable<Uint8Array> {
  yield Buffer.from('half');
  throw new Error('the line went dead');
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

const textOf = async (stream: AsyncIterable<Uint8Array>) => (await bytesOf(stream)).toString();

async function keysOf(storage: Storage, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(prefix)) keys.push(key);
  return keys;
}

/** What every adapter must do. Call it in a test file with a way to make an empty storage. */
export function storageAcceptance(name: string, empty: () => Promise<Storage>): void {
  describe(name, () => {
    let storage: Storage;
    beforeEach(async () => {
      storage = await empty();
    });

    test('gives back the same bytes, with their true size and hash', async () => {
      const key = newBlobKey(SPACE);
      const bytes = randomBytes(300_000);
      const stored = await storage.put(key, chunks(bytes.subarray(0, 100_000), bytes.subarray(100_000)));
      expect(stored).toEqual({ size: 300_000, sha256: createHash('sha256').update(bytes).digest('hex') });
      const parts: Uint8Array[] = [];
      for await (const part of await storage.get(key)) parts.push(part as Uint8Array);
      expect(Buffer.concat(parts).equals(bytes)).toBe(true);
      expect(await storage.stat(key)).toMatchObject({ size: 300_000 });
    });

    test('an empty blob is a blob', async () => {
      const key = newBlobKey(SPACE);
      expect(await storage.put(key, chunks())).toMatchObject({ size: 0 });
      expect(await textOf(await storage.get(key))).toBe('');
    });

    test('ranges: from, from–to, past the end, outside', async () => {
      const key = newBlobKey(SPACE);
      await storage.put(key, chunks('0123456789'));
      expect(await textOf(await storage.get(key, { start: 7 }))).toBe('789');
      expect(await textOf(await storage.get(key, { start: 2, end: 4 }))).toBe('234');
      expect(await textOf(await storage.get(key, { start: 8, end: 99 }))).toBe('89');
      await expect(storage.get(key, { start: 10 })).rejects.toThrow(RangeError);
      await expect(storage.get(key, { start: 5, end: 2 })).rejects.toThrow(RangeError);
      await expect(storage.get(key, { start: -1 })).rejects.toThrow(RangeError);
    });

    test('a blob never changes: the second write of a key is refused', async () => {
      const key = newBlobKey(SPACE);
      await storage.put(key, chunks('first'));
      await expect(storage.put(key, chunks('second'))).rejects.toThrow(KeyTaken);
      expect(await textOf(await storage.get(key))).toBe('first');
    });

    test('of two writers at once exactly one wins', async () => {
      const key = newBlobKey(SPACE);
      const slow = async function* () {
        yield Buffer.from('a');
        await sleep(20);
      };
      const results = await Promise.allSettled([storage.put(key, slow()), storage.put(key, slow())]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });

    test('a stream that breaks leaves nothing behind', async () => {
      const key = newBlobKey(SPACE);
      await expect(storage.put(key, failing())).rejects.toThrow('the line went dead');
      expect(await storage.stat(key)).toBeNull();
      expect(await keysOf(storage, `${SPACE}/`)).toEqual([]);
    });

    test('what is not there', async () => {
      const key = newBlobKey(SPACE);
      expect(await storage.stat(key)).toBeNull();
      await expect(storage.get(key)).rejects.toThrow(NoSuchBlob);
      await storage.delete(key);
    });

    test('delete, and list by space', async () => {
      const keys = [newBlobKey(SPACE), newBlobKey(SPACE)].sort();
      const other = newBlobKey(OTHER);
      for (const key of [...keys, other]) await storage.put(key, chunks('x'));
      expect(await keysOf(storage, `${SPACE}/`)).toEqual(keys);
      expect(await keysOf(storage, '')).toEqual([...keys, other]);
      await storage.delete(keys[0]!);
      expect(await keysOf(storage, `${SPACE}/`)).toEqual([keys[1]]);
    });

    test.each([
      '../secret',
      'a/../../b',
      '/etc/passwd',
      'a/b/c',
      'a',
      '',
      'a/',
      'a/b\0',
      'a/b.part',
      'A/B',
      `a/${'b'.repeat(65)}`,
    ])('the key %j is refused', async (key) => {
      await expect(storage.put(key, chunks('x'))).rejects.toThrow('not a storage key');
      await expect(storage.get(key)).rejects.toThrow('not a storage key');
      await expect(storage.stat(key)).rejects.toThrow('not a storage key');
      await expect(storage.delete(key)).rejects.toThrow('not a storage key');
      await expect(storage.beginUpload(key)).rejects.toThrow('not a storage key');
      await expect(storage.copy(newBlobKey(SPACE), key)).rejects.toThrow('not a storage key');
    });

    test('more than fits into one request, in chunks of every size', async () => {
      const key = newBlobKey(SPACE);
      const bytes = randomBytes(37 * 2 ** 20 + 11);
      const cuts = [0, 1, 65_537, 9_000_000, 9_000_001, 30_000_000, bytes.length];
      const parts = cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
      expect(await storage.put(key, chunks(...parts))).toEqual({
        size: bytes.length,
        sha256: sha256Of(bytes),
      });
      const middle = { start: 8 * 2 ** 20 - 3, end: 8 * 2 ** 20 + 3 };
      const read = await bytesOf(await storage.get(key, middle));
      expect(read.equals(bytes.subarray(middle.start, middle.end + 1))).toBe(true);
      await expect(storage.put(key, chunks(...parts))).rejects.toThrow(KeyTaken);
    });

    test('a copy has the same bytes and outlives the original', async () => {
      const [from, to] = [newBlobKey(SPACE), newBlobKey(OTHER)];
      await storage.put(from, chunks('縁側'));
      await storage.copy(from, to);
      await storage.delete(from);
      expect(await textOf(await storage.get(to))).toBe('縁側');
      await expect(storage.copy(from, newBlobKey(OTHER))).rejects.toThrow(NoSuchBlob);
      await storage.put(from, chunks('x'));
      await expect(storage.copy(from, to)).rejects.toThrow(KeyTaken);
    });

    test('a reader who goes away in the middle holds nothing', async () => {
      const key = newBlobKey(SPACE);
      await storage.put(key, chunks(randomBytes(2_000_000)));
      for (let round = 0; round < 20; round += 1) {
        for await (const _ of await storage.get(key)) break;
      }
      expect(await storage.stat(key)).toMatchObject({ size: 2_000_000 });
    });

    stagedAcceptance(() => storage);
  });
}
