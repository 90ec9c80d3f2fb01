import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@engawa/db';
import { testDatabase } from '@engawa/db/testing';
import { createCtx, openFile } from '@engawa/domain';
import { buildWorld, bytesOf, upload } from '@engawa/domain/testing';
import { openS3Storage } from '@engawa/storage';
import { describeWithMinio, type Minio, startMinio } from '@engawa/storage/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookAtStorage } from '../doctor/machine.ts';
import { backup } from './backup.ts';
import { restore } from './restore.ts';

const world = await buildWorld();
const { officer, space, services } = world;
const scratch = await testDatabase();
const signal = new AbortController().signal;

await describeWithMinio('a backup of files that lie in MinIO', () => {
  const place = mkdtempSync(join(tmpdir(), 'engawa-backup-minio-'));
  const away = `${new URL(scratch.url).pathname.slice(1)}_new`;
  let minio: Minio;
  beforeAll(async () => {
    minio = await startMinio({ folder: join(place, 'minio') });
    services.storage = openS3Storage(minio.url('here'));
    await services.storage.ready();
    await scratch.sql.unsafe(`create database ${away} template template0 encoding 'UTF8'`);
  }, 60_000);
  afterAll(async () => {
    await minio?.stop();
    rmSync(place, { recursive: true, force: true });
  });

  test('is restored into another bucket, byte for byte', { timeout: 120_000 }, async () => {
    expect((await lookAtStorage(services.storage)).key).toBe('doctor_storage_ok');
    const bytes = [randomBytes(11 << 20), randomBytes(5), Buffer.alloc(0)];
    const files = [];
    for (const [index, content] of bytes.entries())
      files.push(await upload(officer.ctx, { spaceId: space }, `${index}.bin`, content));
    const folder = join(place, 'backup');
    const manifest = await backup({ services, folder, signal });
    expect(manifest.objects).toMatchObject({ count: 3, bytes: (11 << 20) + 5, missing: [] });
    const sql = openDatabase(scratch.url.replace(/[^/]*$/, away), { max: 3 });
    const there = { ...services, sql, storage: openS3Storage(minio.url('there')) };
    const { objects } = await restore({ services: there, folder, signal });
    expect(objects).toMatchObject({ count: 3, missing: [] });
    // No session is restored.
    const ctx = createCtx({ kind: 'job', personId: officer.id, job: 'test' }, there);
    for (const [index, { id }] of files.entries()) {
      const { stream } = await openFile(ctx, { id });
      expect((await bytesOf(await stream())).equals(bytes[index]!)).toBe(true);
    }
    await sql.end({ timeout: 2 });
    await scratch.sql.unsafe(`drop database ${away} with (force)`);
  });
});
