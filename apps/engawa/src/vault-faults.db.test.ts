import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectGarbage, createCtx, tree } from '@engawa/domain';
import { sha256Of } from '@engawa/domain/testing';
import { openStorage } from '@engawa/storage';
import {
  describeWithMinio,
  type FaultProxy,
  type Minio,
  startFaultProxy,
  startMinio,
} from '@engawa/storage/testing';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startVault, TUS, type Vault } from './testing/vault.ts';

// What a person is told when the store fails, and that nothing is lost by it: the built program over HTTP, on a real
// MinIO behind a line that breaks.

// Seconds each, where nothing else runs.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const MIB = 2 ** 20;
const FULL = '<Error><Code>XMinioStorageFull</Code><Message>full</Message></Error>';
const folder = mkdtempSync(join(tmpdir(), 'engawa-vault-faults-'));
let minio: Minio;
let line: FaultProxy;
let vault: Vault;

const header = (response: Response, name: string) => response.headers.get(name);
const place = async (size: number, filename: string) =>
  header(await vault.create(size, { filename }), 'location')!;
const head = (path: string) => vault.ask(path, { method: 'HEAD', headers: TUS });
const offset = async (path: string) => Number(header(await head(path), 'upload-offset'));
const hashOf = async (item: string | null) => {
  const got = await vault.ask(`/files/${item}/content`);
  return sha256Of(Buffer.from(await got.arrayBuffer()));
};
const files = async () =>
  (await tree(vault.world.officer.ctx, vault.world.space)).filter((row) => row.kind === 'file').length;
/** Any fault on the parts of an upload from the second on. */
const onLaterParts = (fault: ReturnType<FaultProxy['fault']>) => {
  line.fault = ({ method, url }) => (method === 'PUT' && /partNumber=[^1]/.test(url) ? fault : null);
};

await describeWithMinio('the vault while its store fails', () => {
  beforeAll(async () => {
    minio = await startMinio({ folder: join(folder, 'minio') });
    line = await startFaultProxy(minio.host);
    vault = await startVault(minio.url('vault', line.host));
  });
  afterEach(() => {
    line.fault = () => null;
  });
  afterAll(async () => {
    await line.close();
    await minio.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ['answers 500', { kind: 'status', status: 500 }, 503, 'files.store_unavailable', 'ファイル'],
    ['is full', { kind: 'status', status: 507, body: FULL }, 507, 'files.store_full', 'いっぱい'],
    ['breaks off', { kind: 'cut-request', after: MIB }, 503, 'files.store_unavailable', 'ファイル'],
  ] as const)(
    'it %s: said in a sentence, what arrived is kept, nothing half-visible, gone on with',
    async (name, fault, status, code, words) => {
      const [before, bytes] = [await files(), randomBytes(20 * MIB)];
      const path = await place(bytes.length, `${name}.bin`);
      onLaterParts(fault);
      const failed = await vault.send(path, 0, bytes);
      expect([failed.status, header(failed, 'tus-resumable')]).toEqual([status, '1.0.0']);
      const told = (await failed.json()) as { code: string; title: string };
      expect(told.code).toBe(code);
      expect(told.title).toContain(words);
      expect(await files()).toBe(before);
      line.fault = () => null;
      const kept = await offset(path);
      expect(kept).toBe(8 * MIB);
      const done = await vault.send(path, kept, bytes.subarray(kept));
      expect(done.status).toBe(204);
      expect(await hashOf(header(done, 'engawa-item'))).toBe(sha256Of(bytes));
      expect(await files()).toBe(before + 1);
    },
  );

  test('it is stopped in the middle and started again', async () => {
    const bytes = randomBytes(20 * MIB);
    const path = await place(bytes.length, '停止.bin');
    // Two parts are sent at once: when the third goes out, the first is durable.
    const killing: Promise<void>[] = [];
    line.fault = ({ method, url }) => {
      if (method === 'PUT' && url.includes('partNumber=3') && killing.length === 0)
        killing.push(minio.kill());
      return null;
    };
    expect((await vault.send(path, 0, bytes)).status).toBe(503);
    expect((await vault.create(1, { filename: 'x' })).status).toBe(503);
    await Promise.all(killing);
    minio = await startMinio({ folder: join(folder, 'minio'), port: minio.port });
    const kept = await offset(path);
    const done = await vault.send(path, kept, bytes.subarray(kept));
    expect(kept).toBeGreaterThanOrEqual(8 * MIB);
    expect(done.status).toBe(204);
    expect(await hashOf(header(done, 'engawa-item'))).toBe(sha256Of(bytes));
  });

  test('it fails while an upload is made whole: asked again, it becomes a file', async () => {
    const [before, bytes] = [await files(), randomBytes(9 * MIB)];
    const path = await place(bytes.length, '最後.bin');
    line.fault = ({ method, url }) =>
      method === 'POST' && url.includes('uploadId=') ? { kind: 'status', status: 503 } : null;
    expect((await vault.send(path, 0, bytes)).status).toBe(503);
    // "Not now" would make a client begin anew; "locked" makes it wait.
    expect((await head(path)).status).toBe(423);
    expect(await files()).toBe(before);
    line.fault = () => null;
    const asked = await head(path);
    expect([asked.status, header(asked, 'upload-offset')]).toEqual([200, String(bytes.length)]);
    expect(await hashOf(header(asked, 'engawa-item'))).toBe(sha256Of(bytes));
    expect(await files()).toBe(before + 1);
  });

  test('a download or a ZIP that the store cuts short is broken off, and never looks whole', async () => {
    const item = await vault.upload('切れる.bin', randomBytes(3 * MIB));
    const whole = async (path: string) => (await vault.ask(path)).arrayBuffer();
    line.fault = ({ method }) => (method === 'GET' ? { kind: 'cut-response', after: MIB } : null);
    await expect(whole(`/files/${item}/content`)).rejects.toThrow();
    await expect(whole(`/files/zip?space=${vault.world.space}`)).rejects.toThrow();
    line.fault = ({ method }) => (method === 'GET' ? { kind: 'status', status: 503 } : null);
    const failed = await vault.ask(`/files/${item}/content`);
    expect([failed.status, header(failed, 'retry-after')]).toEqual([503, '5']);
    await expect(whole(`/files/zip?space=${vault.world.space}`)).rejects.toThrow();
  });

  test('a slow store and a silent client hold no transaction of the database', async () => {
    const path = await place(20 * MIB, '遅い.bin');
    const never = new ReadableStream<Uint8Array>({ start: (to) => to.enqueue(randomBytes(MIB)) });
    const aborted = new AbortController();
    const waiting = vault.send(path, 0, never, { signal: aborted.signal }).catch(() => 'aborted');
    const pen = async () =>
      (await vault.world.sql`select pen from uploads where id = ${path.split('/').at(-1)!}`)[0]!.pen;
    await expect.poll(pen, { timeout: 20_000 }).not.toBeNull();
    const { sql } = vault.world;
    const busy = await sql`
      select query from pg_stat_activity
      where datname = current_database() and state like 'idle in transaction%'`;
    expect(busy).toEqual([]);
    aborted.abort();
    expect(await waiting).toBe('aborted');
    await expect.poll(() => offset(path), { timeout: 20_000 }).toBe(MIB);
  });

  test('what was never finished is collected, and the store holds nothing but files', async () => {
    const { sql, services } = vault.world;
    const storage = openStorage(minio.url('vault'));
    const nobody = createCtx({ kind: 'anonymous' }, { ...services, storage });
    await sql`update uploads set expires_at = now() - interval '1 second' where finished_at is null`;
    await collectGarbage(nobody, { now: new Date(Date.now() + 30 * 86_400_000) });
    const keys: string[] = [];
    for await (const key of storage.list('')) keys.push(key);
    const rows = await sql<{ key: string }[]>`select key from blobs order by key`;
    expect(keys.toSorted()).toEqual(rows.map((row) => row.key).toSorted());
    expect(await sql`select from uploads where finished_at is null`).toEqual([]);
  });
});
