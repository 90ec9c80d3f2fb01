import { imageToDraw, openFile, openPreview, openThumbnail } from '@engawa/domain';
import { buildWorld, bytesOf, openStore, upload } from '@engawa/domain/testing';
import { Forbidden, NotFound } from '@engawa/schema';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorker, type Worker } from './index.ts';

// An image goes up, the worker draws it small, and a page finds it: as between real programs, by the ledger.

const world = await buildWorld();
openStore(world);
const { officer, services, space, sql } = world;
let worker: Worker;

beforeAll(async () => {
  const mailer = { send: async () => {}, list: async () => [], read: async () => null, close: () => {} };
  worker = await startWorker({
    services,
    databaseUrl: world.databaseUrl,
    mailer,
    log: pino({ level: 'silent' }),
  });
});
afterAll(() => worker.stop());

const png = (background: string) =>
  sharp({ create: { width: 1_200, height: 800, channels: 3, background } })
    .png()
    .toBuffer();
const place = { spaceId: space, parentId: null };
const settled = async (itemId: string) => {
  const [row] = await sql<{ refused: string | null; tries: number; picture: string | null }[]>`
    select t.refused, t.tries, t.picture_id as picture from thumbnails t join blobs b on b.id = t.blob_id
    where b.item_id = ${itemId}`;
  return row;
};
const nobody = { services, sql, caller: { kind: 'anonymous' as const } };

test('an image gets a thumbnail, which is served as the image itself is, and goes with it', async () => {
  const { id } = await upload(officer.ctx, place, '写真.png', await png('#393'));
  await expect.poll(async () => (await settled(id))?.picture ?? null, { timeout: 20_000 }).not.toBeNull();
  const small = await openThumbnail(officer.ctx, { id });
  expect(small.headers).toMatchObject({ 'content-type': 'image/webp', 'x-content-type-options': 'nosniff' });
  const bytes = await bytesOf(await small.stream());
  expect([bytes.length, bytes.subarray(8, 12).toString()]).toEqual([small.version.size, 'WEBP']);
  await expect(openThumbnail(world.stranger.ctx, { id })).rejects.toThrow(NotFound);
  // Whoever may only look has both pictures, and not the image.
  await world.give(world.clerk.id, id, 'previewer');
  const large = await openPreview(world.clerk.ctx, { id });
  const looked = await bytesOf(await large.stream());
  expect([looked.length, looked.subarray(8, 12).toString()]).toEqual([large.version.size, 'WEBP']);
  expect(looked.length).toBeGreaterThan(bytes.length);
  expect(large.headers['content-security-policy']).toContain('sandbox');
  expect((await openThumbnail(world.clerk.ctx, { id })).version.size).toBe(small.version.size);
  await expect(openFile(world.clerk.ctx, { id })).rejects.toThrow(Forbidden);
  // Another version is another picture; that of the old one stays.
  await upload(officer.ctx, { ...place, onClash: 'new_version' }, '写真.png', await png('#933'));
  await expect
    .poll(
      () =>
        openThumbnail(officer.ctx, { id }).then(
          ({ version }) => version.number,
          () => 0,
        ),
      { timeout: 20_000 },
    )
    .toBe(2);
  expect((await openThumbnail(officer.ctx, { id, version: 1 })).version.sha256).toBe(small.version.sha256);
  // Purged, all six are garbage: two images and their pictures.
  await sql`delete from items where id = ${id}`;
  expect(await sql`select from blobs where item_id is null`).toHaveLength(6);
});

test('what is no image has none; what cannot be drawn is tried once and noted', async () => {
  const text = await upload(officer.ctx, place, '議事録.txt', '本日は晴天なり。');
  const broken = await upload(officer.ctx, place, '途中.png', (await png('#339')).subarray(0, 300));
  await expect.poll(async () => (await settled(broken.id))?.refused, { timeout: 20_000 }).toBe('broken');
  expect(await settled(broken.id)).toMatchObject({ tries: 1, picture: null });
  expect(await imageToDraw(nobody, { id: broken.id, version: 1 })).toBeNull();
  expect(await settled(text.id)).toBeUndefined();
  await expect(openThumbnail(officer.ctx, { id: text.id })).rejects.toThrow(NotFound);
});

test('an image that brings the worker down again and again is let be', async () => {
  const { id } = await upload(officer.ctx, place, '悪い.png', await png('#555'));
  await expect.poll(async () => (await settled(id))?.picture ?? null, { timeout: 20_000 }).not.toBeNull();
  // As if each try had ended with the program.
  await sql`update thumbnails set picture_id = null, tries = 5 where blob_id in (select id from blobs where item_id = ${id})`;
  expect(await imageToDraw(nobody, { id, version: 1 })).toBeNull();
  const [row] = await sql`select refused from thumbnails where tries > 5`;
  expect(row).toEqual({ refused: 'broken' });
});
