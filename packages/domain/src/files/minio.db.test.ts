import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openS3Storage } from '@engawa/storage';
import {
  describeWithMinio,
  type FaultProxy,
  type Minio,
  startFaultProxy,
  startMinio,
} from '@engawa/storage/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ctx } from '../ctx.ts';
import { buildWorld, bytesOf, chunked, sha256Of, upload } from '../testing/index.ts';
import { appendChunk, collectGarbage, finishUpload, openFile, startUpload, uploadStatus } from './index.ts';
import { forgetHash } from './running-hashes.ts';

const world = await buildWorld();
const { officer, space, sql } = world;
const MIB = 2 ** 20;

await describeWithMinio('the vault on MinIO', () => {
  const folder = mkdtempSync(join(tmpdir(), 'engawa-minio-'));
  let minio: Minio;
  let proxy: FaultProxy;
  beforeAll(async () => {
    minio = await startMinio({ folder });
    proxy = await startFaultProxy(minio.host);
    world.services.storage = openS3Storage(minio.url('vault'));
    await world.services.storage.ready();
  }, 40_000);
  afterAll(async () => {
    await proxy?.close();
    await minio?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The officer at another node, whose way to the store may be a bad one. */
  const elsewhere = (): Ctx => {
    const storage = openS3Storage(minio.url('vault', proxy.host), { patience: 1_000, attempts: 1 });
    return { ...officer.ctx, services: { ...world.services, storage } };
  };
  const begin = (name: string, size: number) =>
    startUpload(officer.ctx, { spaceId: space, parentId: null, name, size });
  const read = async (id: string) => bytesOf(await (await openFile(officer.ctx, { id })).stream());

  test('a file goes up and comes down, also in ranges', async () => {
    const bytes = randomBytes(9 * MIB);
    const file = await upload(officer.ctx, { spaceId: space }, '写真.bin', bytes);
    expect(sha256Of(await read(file.id))).toBe(sha256Of(bytes));
    const part = await (
      await openFile(officer.ctx, { id: file.id })
    ).stream({ start: 8 * MIB - 1, end: 8 * MIB });
    expect((await bytesOf(part)).equals(bytes.subarray(8 * MIB - 1, 8 * MIB + 1))).toBe(true);
  });

  test('begun at one node, its store broken, finished at another: byte-identical', async () => {
    const bytes = randomBytes(30 * MIB);
    const { id } = await begin('nodes.bin', bytes.length);
    const other = elsewhere();
    proxy.fault = ({ url }) => (url.includes('partNumber=3') ? { kind: 'cut-request', after: MIB } : null);
    await expect(appendChunk(other, { id, offset: 0 }, chunked(bytes))).rejects.toMatchObject({
      code: 'files.store_unavailable',
      status: 503,
    });
    proxy.fault = () => null;
    const { offset } = await uploadStatus(officer.ctx, { id });
    expect(offset).toBe(16 * MIB);
    await appendChunk(officer.ctx, { id, offset }, chunked(bytes.subarray(offset, 17 * MIB + 5)));
    forgetHash(id);
    await appendChunk(other, { id, offset: 17 * MIB + 5 }, chunked(bytes.subarray(17 * MIB + 5)));
    const file = await finishUpload(officer.ctx, { id });
    expect(file.version.sha256).toBe(sha256Of(bytes));
    expect(sha256Of(await read(file.id))).toBe(sha256Of(bytes));
  });

  test('MinIO gone while finishing: an error, no file, and later the same finish works', async () => {
    const { id } = await begin('late.txt', 4);
    await appendChunk(officer.ctx, { id, offset: 0 }, chunked('late'));
    const other = elsewhere();
    proxy.fault = () => ({ kind: 'status', status: 503 });
    await expect(finishUpload(other, { id })).rejects.toMatchObject({ code: 'files.store_unavailable' });
    expect(await sql`select 1 from items where title = 'late.txt'`).toHaveLength(0);
    proxy.fault = () => null;
    const file = await finishUpload(other, { id });
    expect(String(await read(file.id))).toBe('late');
  });

  test('the store has forgotten the upload: told to start again, and the quota is free', async () => {
    const { id } = await begin('lost.bin', 20 * MIB);
    const [row] = await sql<
      { key: string; stage: string }[]
    >`select key, stage from uploads where id = ${id}`;
    await world.services.storage.abortUpload({ ...row!, size: 0 }, []);
    await expect(
      appendChunk(officer.ctx, { id, offset: 0 }, chunked(randomBytes(20 * MIB))),
    ).rejects.toMatchObject({ code: 'files.upload_lost', status: 410 });
    expect(await sql`select 1 from uploads where id = ${id}`).toHaveLength(0);
  });

  test('the collector finds tails and completed objects that became nothing', async () => {
    const { id } = await begin('tail.bin', 20 * MIB);
    await appendChunk(officer.ctx, { id, offset: 0 }, chunked(randomBytes(MIB)));
    const objects = async () => {
      let count = 0;
      for await (const _ of world.services.storage.list(`${space}/`)) count += 1;
      return count;
    };
    const before = await objects();
    expect(await collectGarbage(officer.ctx, { now: new Date(Date.now() + 7.1 * 86_400_000) })).toMatchObject(
      {
        uploads: 1,
      },
    );
    expect(await objects()).toBe(before - 1);
  });
});
