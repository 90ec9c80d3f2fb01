import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openS3Storage } from './s3.ts';
import { newBlobKey, type Part } from './storage.ts';
import { describeWithMinio, type Minio, startMinio, storageAcceptance } from './testing/index.ts';
import { appendAll } from './testing/staged-acceptance.ts';

const MIB = 2 ** 20;

async function* noise(megabytes: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < megabytes; at += 1) yield randomBytes(MIB);
}

await describeWithMinio('MinIO', () => {
  const folder = mkdtempSync(join(tmpdir(), 'engawa-minio-'));
  let minio: Minio;
  beforeAll(async () => {
    minio = await startMinio({ folder });
  }, 40_000);
  afterAll(async () => {
    await minio?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  storageAcceptance('a bucket', async () => {
    const storage = openS3Storage(minio.url(`test-${randomBytes(6).toString('hex')}`));
    await storage.ready();
    return storage;
  });

  test('a full disk under MinIO: a clear error, and nothing visible', async (context) => {
    const disk = mkdtempSync(join(tmpdir(), 'engawa-minio-full-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]).status === 0;
    if (!mounted) context.skip('only root may mount a small disk');
    const small = await startMinio({ folder: disk });
    try {
      // MinIO answers 500 to what it can no longer write, and 507 before it begins.
      const storage = openS3Storage(small.url('full'), { attempts: 1 });
      await storage.ready();
      const ballast = newBlobKey('space');
      await storage.put(ballast, noise(24));
      const key = newBlobKey('space');
      const staged = { key, size: 60 * MIB, stage: await storage.beginUpload(key) };
      const parts: Part[] = [];
      // Sometimes it loses the upload itself, whose record it could not write: then the upload has to begin anew.
      const clear = /^(The file store is|The store knows no unfinished upload)/;
      await expect(appendAll(storage, staged, parts, noise(60))).rejects.toThrow(clear);
      await expect(storage.put(newBlobKey('space'), noise(60))).rejects.toThrow(clear);
      expect(await storage.stat(key)).toBeNull();
      expect(await storage.stat(ballast)).toMatchObject({ size: 24 * MIB });
    } finally {
      await small.stop();
      spawnSync('umount', [disk]);
      rmSync(disk, { recursive: true, force: true });
    }
  }, 60_000);

  test('a wrong secret is a clear error, not a crash', async () => {
    const url = minio.url('bucket').replace('engawa-engawa', 'wrong-secret');
    await expect(openS3Storage(url).ready()).rejects.toThrow('The file store is not available');
  });
});

test.each(['s3://host:9000/bucket', 's3://k:s@host:9000/', 'http://k:s@host/bucket', 's3://k:s@host/UPPER'])(
  'the address %s is refused',
  (url) => {
    expect(() => openS3Storage(url)).toThrow('A file store is named like');
  },
);
