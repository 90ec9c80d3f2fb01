import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { StorageFull, StorageUnavailable } from './faults.ts';
import { openFolderStorage } from './folder.ts';
import { newBlobKey, type Part } from './storage.ts';
import { appendAll } from './testing/staged-acceptance.ts';

const MIB = 2 ** 20;
const place = mkdtempSync(join(tmpdir(), 'engawa-full-'));
/** A real disk of 24 MiB: only root may mount one. */
const mounted = (() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', place], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
afterAll(() => {
  if (mounted) execFileSync('umount', [place]);
  rmSync(place, { recursive: true, force: true });
});
if (!mounted) console.warn('SKIPPED the full disk: only root may mount a small one.');

const bytes = randomBytes(40 * MIB);
async function* body(from: number, to: number): AsyncIterable<Uint8Array> {
  for (let at = from; at < to; at += MIB) yield bytes.subarray(at, Math.min(to, at + MIB));
}

describe.skipIf(!mounted)('a full disk', () => {
  const storage = openFolderStorage(place);

  test('a blob that does not fit leaves nothing behind', async () => {
    const key = newBlobKey('space');
    await expect(storage.put(key, body(0, 40 * MIB))).rejects.toThrow(StorageFull);
    expect(await storage.stat(key)).toBeNull();
    expect(readdirSync(join(place, '.staged'))).toEqual([]);
  });

  test('an upload stands where it stood, and goes on when there is room again', async () => {
    const ballast = newBlobKey('space');
    await storage.put(ballast, body(0, 4 * MIB));
    const key = newBlobKey('space');
    const staged = { key, size: 20 * MIB, stage: await storage.beginUpload(key) };
    const parts: Part[] = [];
    const other = newBlobKey('space');
    await storage.put(other, body(0, 2 * MIB));
    await expect(appendAll(storage, staged, parts, body(0, 20 * MIB))).rejects.toThrow(StorageFull);
    const received = parts.reduce((sum, part) => sum + part.size, 0);
    expect(received).toBe(16 * MIB);
    expect(await storage.stat(key)).toBeNull();
    await storage.delete(ballast);
    await storage.delete(other);
    await appendAll(storage, staged, parts, body(received, 20 * MIB));
    // The two runs have to become one file, for which there is no room: an error, and nothing is lost.
    await expect(storage.completeUpload(staged, parts)).rejects.toThrow(StorageFull);
    expect(await storage.stat(key)).toBeNull();
    await storage.abortUpload(staged, parts);
    expect(await storage.sweep(new Date(Date.now() + 1000))).toBe(0);
  });

  test('what broken writes left behind is swept once it is old enough', async () => {
    const key = newBlobKey('space');
    const staged = { key, size: 9, stage: await storage.beginUpload(key) };
    await appendAll(storage, staged, [], body(0, 5));
    expect(await storage.sweep(new Date(Date.now() - 60_000))).toBe(0);
    expect(await storage.sweep(new Date(Date.now() + 1000))).toBe(1);
    expect(readdirSync(join(place, '.staged'))).toEqual([]);
  });
});

test('a folder that is not one is a clear error', async () => {
  const storage = openFolderStorage('/dev/null/files');
  await expect(storage.ready()).rejects.toThrow(StorageUnavailable);
  await expect(storage.put(newBlobKey('space'), body(0, 1))).rejects.toThrow(StorageUnavailable);
  // Nothing can be found or made there, and Node's own way of making folders would try for ever.
  const nowhere = openFolderStorage('/proc/engawa/files');
  await expect(nowhere.ready()).rejects.toThrow(StorageUnavailable);
  await expect(nowhere.put(newBlobKey('space'), body(0, 1))).rejects.toThrow(StorageUnavailable);
});
