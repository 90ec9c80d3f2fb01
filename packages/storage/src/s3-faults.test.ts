import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { StorageFull, StorageUnavailable } from './faults.ts';
import { openS3Storage } from './s3.ts';
import { newBlobKey, type Part, type Staged, type Storage } from './storage.ts';
import {
  describeWithMinio,
  type FaultProxy,
  type Minio,
  startFaultProxy,
  startMinio,
} from './testing/index.ts';
import { appendAll } from './testing/staged-acceptance.ts';

const MIB = 2 ** 20;
const bytes = randomBytes(25 * MIB);
const received = (parts: Part[]) => parts.reduce((sum, part) => sum + part.size, 0);

async function* body(from = 0): AsyncIterable<Uint8Array> {
  for (let at = from; at < bytes.length; at += 64 * 1024)
    yield bytes.subarray(at, Math.min(at + 64 * 1024, bytes.length));
}

async function hashOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

await describeWithMinio('MinIO out of order', () => {
  const folder = mkdtempSync(join(tmpdir(), 'engawa-minio-'));
  let minio: Minio;
  let proxy: FaultProxy;
  let storage: Storage;
  let staged: Staged;
  let parts: Part[];

  beforeAll(async () => {
    minio = await startMinio({ folder });
  }, 40_000);
  afterAll(async () => {
    await minio?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    proxy = await startFaultProxy(minio.host);
    const bucket = `test-${randomBytes(6).toString('hex')}`;
    storage = openS3Storage(minio.url(bucket, proxy.host), { patience: 1_000, attempts: 2 });
    await storage.ready();
    const key = newBlobKey('space');
    staged = { key, size: bytes.length, stage: await storage.beginUpload(key) };
    parts = [];
  });
  afterEach(() => proxy.close());

  const goOn = async () => {
    proxy.fault = () => null;
    await appendAll(storage, staged, parts, body(received(parts)));
    await storage.completeUpload(staged, parts);
    expect(await hashOf(await storage.get(staged.key))).toBe(await hashOf(body()));
  };
  const failsAtPart = async (n: number, fault: ReturnType<FaultProxy['fault']>) => {
    proxy.fault = ({ url }) =>
      url.includes(`partNumber=${n}&`) || url.endsWith(`partNumber=${n}`) ? fault : null;
    await expect(appendAll(storage, staged, parts, body())).rejects.toThrow(StorageUnavailable);
    expect(received(parts)).toBe(8 * MIB * (n - 1));
    expect(await storage.stat(staged.key)).toBeNull();
  };

  test.each([500, 502, 503])(
    'a part answered with %i: clear error, goes on from the last part',
    async (status) => {
      await failsAtPart(2, { kind: 'status', status });
      await goOn();
    },
  );

  test('a part cut off in the middle', async () => {
    await failsAtPart(2, { kind: 'cut-request', after: 3 * MIB });
    await goOn();
  });

  test('a part that was stored, its answer lost', async () => {
    await failsAtPart(3, { kind: 'lost-answer' });
    await goOn();
  });

  test('a store that falls silent is given up after the patience that was set', async () => {
    const start = Date.now();
    await failsAtPart(1, { kind: 'silence' });
    expect(Date.now() - start).toBeLessThan(5_000);
    await goOn();
  });

  test('one bad answer is repeated without anybody noticing', async () => {
    let bad = 1;
    proxy.fault = ({ url }) =>
      url.includes('partNumber=2') && bad-- > 0 ? { kind: 'status', status: 503 } : null;
    await appendAll(storage, staged, parts, body());
    expect(received(parts)).toBe(bytes.length);
  });

  test('507 means full, and nothing is visible', async () => {
    const body507 = '<Error><Code>XMinioStorageFull</Code><Message>no space</Message></Error>';
    proxy.fault = ({ method }) => (method === 'PUT' ? { kind: 'status', status: 507, body: body507 } : null);
    await expect(appendAll(storage, staged, parts, body())).rejects.toThrow(StorageFull);
    const key = newBlobKey('space');
    await expect(storage.put(key, body())).rejects.toThrow(StorageFull);
    proxy.fault = () => null;
    expect(await storage.stat(key)).toBeNull();
    await goOn();
  });

  test('completing, its answer lost: it is complete, and asking again says so', async () => {
    await appendAll(storage, staged, parts, body());
    proxy.fault = ({ method, url }) =>
      method === 'POST' && url.includes('uploadId') ? { kind: 'lost-answer' } : null;
    expect(await storage.completeUpload(staged, parts)).toMatchObject({ size: bytes.length });
    proxy.fault = () => null;
    expect(await storage.completeUpload(staged, parts)).toMatchObject({ size: bytes.length });
  });

  test('completing refused: nothing is visible, and later it works', async () => {
    await appendAll(storage, staged, parts, body());
    proxy.fault = ({ method }) => (method === 'POST' ? { kind: 'status', status: 500 } : null);
    await expect(storage.completeUpload(staged, parts)).rejects.toThrow(StorageUnavailable);
    expect(await storage.stat(staged.key)).toBeNull();
    await goOn();
  });

  test('a download that is cut off ends with an error, never as if it were whole', async () => {
    const key = newBlobKey('space');
    await storage.put(key, body());
    proxy.fault = ({ method }) => (method === 'GET' ? { kind: 'cut-response', after: 5 * MIB } : null);
    await expect(hashOf(await storage.get(key))).rejects.toThrow(StorageUnavailable);
  });

  test('a slow store is waited for, and so is a slow reader', async () => {
    const key = newBlobKey('space');
    await storage.put(key, body());
    proxy.fault = ({ method }) => (method === 'GET' ? { kind: 'slow', ms: 2 } : null);
    expect(await hashOf(await storage.get(key, { start: 0, end: 4 * MIB }))).toMatch(/^[0-9a-f]{64}$/);
    proxy.fault = () => null;
    let read = 0;
    for await (const chunk of await storage.get(key)) {
      if (read === 0) await new Promise((done) => setTimeout(done, 2_500));
      read += (chunk as Uint8Array).byteLength;
    }
    expect(read).toBe(bytes.length);
  });

  test('MinIO killed in the middle: clear errors, and after its return the upload goes on', async () => {
    const dying = async function* () {
      let sent = 0;
      for await (const chunk of body()) {
        sent += chunk.byteLength;
        if (sent > 24 * MIB && sent - chunk.byteLength <= 24 * MIB) await minio.kill();
        yield chunk;
      }
    };
    await expect(appendAll(storage, staged, parts, dying())).rejects.toThrow(StorageUnavailable);
    expect(received(parts)).toBeGreaterThanOrEqual(8 * MIB);
    await expect(storage.stat(staged.key)).rejects.toThrow(StorageUnavailable);
    await expect(storage.get(staged.key)).rejects.toThrow(StorageUnavailable);
    await expect(storage.put(newBlobKey('space'), body())).rejects.toThrow(StorageUnavailable);
    await expect(storage.completeUpload(staged, parts)).rejects.toThrow();
    minio = await startMinio({ folder, port: minio.port });
    await goOn();
  }, 60_000);
});
