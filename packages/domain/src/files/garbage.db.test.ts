import { RECOVERY_DAYS, UPLOAD_DAYS } from '@engawa/schema';
import { newBlobKey } from '@engawa/storage';
import { expect, test } from 'vitest';
import { purgeItem, trashItem } from '../items/index.ts';
import { buildWorld, bytesOf, chunked, openStore, upload } from '../testing/index.ts';
import { appendChunk, collectGarbage, finishUpload, openFile, startUpload } from './index.ts';

const world = await buildWorld();
const storage = openStore(world);
const { officer, space, sql } = world;
const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY);
const collect = (days = 0) => collectGarbage(officer.ctx, { now: inDays(days) });
const NOTHING = { uploads: 0, blobs: 0, orphans: 0, leftovers: 0 };

async function keyOf(itemId: string): Promise<string> {
  const [row] = await sql<{ key: string }[]>`select key from blobs where item_id = ${itemId}`;
  return row!.key;
}

test('what lives is never touched, however late it is', async () => {
  const file = await upload(officer.ctx, { spaceId: space }, 'kept.txt', 'kept');
  await collect(0);
  await collect(400);
  expect(String(await bytesOf(await (await openFile(officer.ctx, { id: file.id })).stream()))).toBe('kept');
});

test('a purged file goes once the recovery window has passed, not before', async () => {
  const file = await upload(officer.ctx, { spaceId: space }, 'gone.txt', 'gone');
  const key = await keyOf(file.id);
  await trashItem(officer.ctx, { id: file.id });
  await collect(60);
  expect(await storage.stat(key)).not.toBeNull();
  await purgeItem(officer.ctx, { id: file.id });
  expect(await collect(0)).toEqual(NOTHING);
  expect(await collect(RECOVERY_DAYS - 0.1)).toMatchObject({ blobs: 0 });
  expect(await storage.stat(key)).not.toBeNull();
  expect(await collect(RECOVERY_DAYS + 0.1)).toMatchObject({ blobs: 1 });
  expect(await storage.stat(key)).toBeNull();
});

test('an upload that nobody finished goes with its bytes when it has expired', async () => {
  const start = () =>
    startUpload(officer.ctx, {
      spaceId: space,
      parentId: null,
      name: 'x.bin',
      size: 10,
      onClash: 'keep_both',
    });
  const half = await start();
  await appendChunk(officer.ctx, { id: half.id, offset: 0 }, chunked('12345'));
  expect(await collect(UPLOAD_DAYS - 0.1)).toEqual(NOTHING);
  expect(await collect(UPLOAD_DAYS + 0.1)).toMatchObject({ uploads: 1 });
  expect(await sql`select 1 from uploads where id = ${half.id}`).toHaveLength(0);
  await expect(appendChunk(officer.ctx, { id: half.id, offset: 5 }, chunked('x'))).rejects.toThrow(
    'Not found',
  );
});

test('completed in the store without becoming a file, it goes as well', async () => {
  const { id } = await startUpload(officer.ctx, { spaceId: space, parentId: null, name: 'y.bin', size: 1 });
  await appendChunk(officer.ctx, { id, offset: 0 }, chunked('y'));
  const [row] = await sql<{ key: string; stage: string }[]>`select key, stage from uploads where id = ${id}`;
  const parts = await sql<{ n: number; start: number; size: number; tag: string }[]>`
    select n, start, size, tag from upload_parts where upload_id = ${id}`;
  await storage.completeUpload({ ...row!, size: 1 }, parts);
  expect(await storage.stat(row!.key)).not.toBeNull();
  await collect(UPLOAD_DAYS + 1);
  expect(await storage.stat(row!.key)).toBeNull();
});

test('a finished upload loses only its row', async () => {
  const { id } = await startUpload(officer.ctx, { spaceId: space, parentId: null, name: 'z.bin', size: 1 });
  await appendChunk(officer.ctx, { id, offset: 0 }, chunked('z'));
  const file = await finishUpload(officer.ctx, { id });
  expect(await collect(UPLOAD_DAYS + 1)).toMatchObject({ uploads: 0 });
  expect(await sql`select 1 from uploads where id = ${id}`).toHaveLength(0);
  expect(String(await bytesOf(await (await openFile(officer.ctx, { id: file.id })).stream()))).toBe('z');
});

test('objects that no row knows go when they are old, and tails of uploads stay', async () => {
  const orphan = newBlobKey(space);
  await storage.put(orphan, chunked('x'));
  const { id } = await startUpload(officer.ctx, { spaceId: space, parentId: null, name: 't.bin', size: 9 });
  const [{ key } = { key: '' }] = await sql<{ key: string }[]>`select key from uploads where id = ${id}`;
  const tail = `${key}-t0123456789`;
  await storage.put(tail, chunked('tail'));
  expect(await collect(1)).toEqual(NOTHING);
  await sql`update uploads set expires_at = now() + interval '30 days' where id = ${id}`;
  expect(await collect(RECOVERY_DAYS + 0.1)).toMatchObject({ orphans: 1 });
  expect(await storage.stat(orphan)).toBeNull();
  expect(await storage.stat(tail)).not.toBeNull();
});
