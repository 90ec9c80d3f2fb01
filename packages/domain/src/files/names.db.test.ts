import { describe, expect, test } from 'vitest';
import { createItem } from '../items/index.ts';
import { buildWorld, bytesOf, chunked, openStore, upload } from '../testing/index.ts';
import type { Ctx } from '../ctx.ts';
import { appendChunk, finishUpload, openFile, startUpload } from './index.ts';

const world = await buildWorld();
openStore(world);
const { officer, space } = world;
const at = { spaceId: space };
const start = (ctx: Ctx, name: string, size: number) =>
  startUpload(ctx, { spaceId: space, parentId: null, name, size });
const textOf = async (ctx: Ctx, id: string, version?: number) =>
  String(await bytesOf(await (await openFile(ctx, { id, version })).stream()));

describe('names', () => {
  test.each([
    ['../../etc/passwd', 'file_name.invalid'],
    ['a\0b.txt', 'file_name.invalid'],
    ['C:\\secret.txt', 'file_name.invalid'],
    ['a\nb.txt', 'file_name.invalid'],
    ['', 'file_name.empty'],
    ['\u200b\u202e', 'file_name.empty'],
    ['..', 'file_name.invalid'],
    ['縁'.repeat(201), 'file_name.too_long'],
    ['\ud800.txt', 'file_name.broken'],
  ])('%j is refused as %s', async (name, code) => {
    await expect(start(officer.ctx, name, 1)).rejects.toMatchObject({ code });
  });

  test.each([
    ['か\u3099く.txt', 'がく.txt'],
    ['invoice\u202egpj.exe', 'invoicegpj.exe'],
    [`${'漢'.repeat(85)}`, '漢'.repeat(85)],
    ['名前. .', '名前'],
    ['𠮷野家👨‍👩‍👧.pdf', '𠮷野家👨‍👩‍👧.pdf'],
  ])('%j becomes %j', async (name, clean) => {
    expect(await start(officer.ctx, name, 1)).toMatchObject({ name: clean });
  });

  test('a name that is there: asked, numbered, or a new version', async () => {
    const folder = (await createItem(officer.ctx, { ...at, parentId: null, kind: 'folder', title: '名' })).id;
    const place = { spaceId: space, parentId: folder };
    const first = await upload(officer.ctx, place, '資料.tar.gz', 'one');
    await expect(upload(officer.ctx, place, '資料.TAR.gz', 'two')).rejects.toMatchObject({
      code: 'files.name_taken',
      details: { itemId: first.id, kind: 'file', canReplace: true },
    });
    const both = await upload(officer.ctx, { ...place, onClash: 'keep_both' }, '資料.tar.gz', 'two');
    expect(both).toMatchObject({ name: '資料 (2).tar.gz', version: { number: 1 } });
    const again = await upload(officer.ctx, { ...place, onClash: 'new_version' }, '資料.tar.gz', 'three');
    expect(again).toMatchObject({ id: first.id, version: { number: 2 } });
    expect(await textOf(officer.ctx, first.id)).toBe('three');
    expect(await textOf(officer.ctx, first.id, 1)).toBe('one');
  });

  test('a name that is taken while the bytes arrive is numbered in the end', async () => {
    const { id } = await start(officer.ctx, 'race.txt', 1);
    await appendChunk(officer.ctx, { id, offset: 0 }, chunked('x'));
    await upload(officer.ctx, at, 'race.txt', 'y');
    expect(await finishUpload(officer.ctx, { id })).toMatchObject({ name: 'race (2).txt' });
  });
});

describe('what it really is', () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const sjis = Buffer.from([0x93, 0x9e, 0x96, 0xd8, 0x2c, 0x31, 0x0d, 0x0a]);

  test.each<[string, Buffer | string, string, 'inline' | 'attachment']>([
    ['photo.png', png, 'image/png', 'inline'],
    ['photo.txt', png, 'image/png', 'inline'],
    ['evil.png', '<script>alert(1)</script>', 'text/html;charset=utf-8', 'attachment'],
    ['page.html', '<!doctype html><p>hi', 'text/html;charset=utf-8', 'attachment'],
    [
      'logo.svg',
      '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
      'image/svg+xml;charset=utf-8',
      'attachment',
    ],
    [
      'x.png',
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
      'image/svg+xml;charset=utf-8',
      'attachment',
    ],
    ['feed.xml', '<?xml version="1.0"?><a/>', 'application/xml;charset=utf-8', 'attachment'],
    ['名簿.csv', '名前,数\n益子,1\n', 'text/csv;charset=utf-8', 'inline'],
    ['古い.csv', sjis, 'text/csv;charset=shift_jis', 'inline'],
    ['メモ.txt', '縁側', 'text/plain;charset=utf-8', 'inline'],
    ['a.pdf', '%PDF-1.7\n', 'application/pdf', 'inline'],
    ['noise.pdf', Buffer.from([0, 1, 2, 3, 255, 254]), 'application/octet-stream', 'attachment'],
  ])('%s', async (name, bytes, type, disposition) => {
    const file = await upload(officer.ctx, { ...at, onClash: 'keep_both' }, name, bytes);
    expect(file.version.type).toBe(type);
    const shown = await openFile(officer.ctx, { id: file.id, show: true });
    expect(shown.disposition).toBe(disposition);
    expect(shown.headers['x-content-type-options']).toBe('nosniff');
    if (disposition === 'attachment') expect(shown.headers['content-type']).toBe('application/octet-stream');
    expect((await openFile(officer.ctx, { id: file.id })).disposition).toBe('attachment');
  });
});
