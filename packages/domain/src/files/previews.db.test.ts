import { Forbidden, NotFound, PREVIEW_BYTES } from '@engawa/schema';
import { expect, test } from 'vitest';
import { createCtx } from '../ctx.ts';
import { buildWorld, bytesOf, openStore, upload } from '../testing/index.ts';
import { imageToDraw, keepThumbnail, openFile, openPreview, openThumbnail } from './index.ts';

// What whoever may see a file and not have it gets of it.

const world = await buildWorld();
openStore(world);
const { officer, clerk, stranger, services, space } = world;
await world.give(clerk.id, space, 'previewer');
const place = { spaceId: space };
const nobody = createCtx({ kind: 'anonymous' }, services);
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const shown = async (id: string) => bytesOf(await (await openPreview(clerk.ctx, { id })).stream());

test('of a text the beginning, as plain text, and never the file', async () => {
  const text = 'あいうえお\n'.repeat(40_000);
  const { id } = await upload(officer.ctx, place, '長い.txt', text);
  const preview = await openPreview(clerk.ctx, { id });
  expect(preview.headers).toMatchObject({
    'content-type': 'text/plain;charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  expect(preview.headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
  expect(preview.headers.etag).not.toContain(`${preview.version.sha256}"`);
  expect(preview.version.size).toBe(PREVIEW_BYTES);
  expect(await bytesOf(await preview.stream())).toEqual(Buffer.from(text).subarray(0, PREVIEW_BYTES));
  // No range leads behind what may be seen.
  const end = await bytesOf(await preview.stream({ start: PREVIEW_BYTES - 3, end: PREVIEW_BYTES + 500 }));
  expect(end).toHaveLength(3);
  await expect(openFile(clerk.ctx, { id })).rejects.toThrow(Forbidden);
  await expect(openPreview(stranger.ctx, { id })).rejects.toThrow(NotFound);
});

test('a page, a script, a table: letters, which run nowhere', async () => {
  for (const [name, words] of [
    ['頁.html', '<!doctype html><script>alert(1)</script>'],
    ['表.csv', '名前,数\n益子町,3\n'],
    ['値.json', '{"a":1}'],
  ] as const) {
    const { id } = await upload(officer.ctx, place, name, words);
    const { headers } = await openPreview(clerk.ctx, { id });
    expect(headers['content-type'], name).toMatch(/^text\/plain/);
    expect(headers['content-security-policy'], name).toContain('sandbox');
    expect((await shown(id)).toString(), name).toBe(words);
  }
});

test('an image is its picture once there is one; a drawing that could run and unknown bytes are nothing', async () => {
  const { id } = await upload(officer.ctx, place, '点.png', PNG);
  await expect(openPreview(clerk.ctx, { id })).rejects.toThrow(NotFound);
  const image = await imageToDraw(nobody, { id, version: 1 });
  await keepThumbnail(nobody, image!, { small: Buffer.from('small'), large: null });
  expect((await shown(id)).toString()).toBe('small');
  await upload(officer.ctx, { ...place, onClash: 'new_version' }, '点.png', Buffer.concat([PNG, PNG]));
  const next = await imageToDraw(nobody, { id, version: 2 });
  await keepThumbnail(nobody, next!, { small: Buffer.from('small 2'), large: Buffer.from('large 2') });
  expect((await shown(id)).toString()).toBe('large 2');
  const { headers } = await openPreview(clerk.ctx, { id });
  expect(headers).toMatchObject({ 'content-type': 'image/webp', 'x-content-type-options': 'nosniff' });
  const old = await openPreview(clerk.ctx, { id, version: 1 });
  expect((await bytesOf(await old.stream())).toString()).toBe('small');
  expect((await bytesOf(await (await openThumbnail(clerk.ctx, { id })).stream())).toString()).toBe('small 2');
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  for (const [name, bytes] of [
    ['図.svg', svg],
    ['何か.bin', Buffer.from([0, 1, 2, 3, 254, 255])],
    ['書類.pdf', '%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n'],
  ] as const) {
    const { id: other } = await upload(officer.ctx, place, name, bytes);
    await expect(openPreview(clerk.ctx, { id: other }), name).rejects.toThrow(NotFound);
  }
});

test('a preview that runs ends when access does', async () => {
  const { id } = await upload(officer.ctx, place, '流れ.txt', 'x'.repeat(100_000));
  const grant = await world.give(stranger.id, id, 'previewer');
  const preview = await openPreview(stranger.ctx, { id });
  await world.sql`update grants set revoked_at = now() where id = ${grant}`;
  await world.sql`update spaces set access_epoch = access_epoch + 1 where id = ${space}`;
  // The decision may be half a second old.
  await expect
    .poll(
      async () =>
        preview
          .stream()
          .then(bytesOf)
          .then(
            () => 'open',
            () => 'ended',
          ),
      { timeout: 5_000 },
    )
    .toBe('ended');
});
