import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { createAll, createImage, createNote, group } from '@engawa/board';
import { boardWith, drawOn } from './board-hands.ts';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect as asked, test } from './test.ts';
import { pdf, png, putFile } from './vault-files.ts';

// Whoever may see and not have: boards drawn, pictures reduced, beginnings of texts, and honest words for the rest.
const expect = asked.configure({ timeout: 40_000 });
test.describe.configure({ timeout: 240_000 });

let house: House;
let officer: Person;
let looker: Person;
let space: string;

test.beforeAll(async () => {
  house = await openHouse();
  ({ id: space, officer } = await house.space('見るだけの場'));
  looker = await house.person('見るだけ 三郎', { organisation: '益子町' });
  await house.give(officer, looker, space, 'previewer');
});
test.afterAll(() => house.close());

type Browser = Parameters<typeof browserOf>[0];
const open = async (browser: Browser, path: string): Promise<Page> => {
  const page = await (await browserOf(browser, looker, { serviceWorkers: 'block' })).newPage();
  await page.goto(instance().origin + path);
  return page;
};
const put = (name: string, content: Buffer | string) => putFile(officer, { spaceId: space, name, content });
const drawn = async (id: string) =>
  expect
    .poll(async () => {
      const rows = await house.sql`
        select 1 from thumbnails t join blobs b on b.id = t.blob_id where b.item_id = ${id} and t.picture_id is not null`;
      return rows.length;
    })
    .toBe(1);

test('a board is drawn from what the server knows, with its pictures, and cannot be taken', async ({
  browser,
}) => {
  const file = await put('現場.png', png(900, 600));
  await drawn(file);
  const { id, address } = await boardWith(house, officer, space, (board) => {
    const ids = createAll(board, [
      { kind: 'note', text: '見える付せん', x: 0, y: 0, w: 200, h: 200 },
      { kind: 'note', text: 'もう一枚', x: 240, y: 0, w: 200, h: 200 },
    ]);
    group(board, ids, '表札');
    createImage(board, file, { x: 0, y: 300, w: 300, h: 200, r: 0 }, '現場');
  });
  const context = await browserOf(browser, looker, { serviceWorkers: 'block' });
  const page = await context.newPage();
  let sockets = 0;
  page.on('websocket', (socket) => (sockets += Number(socket.url().includes('/sync/'))));
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/files/')) asked.push(pathname.replace(file, '…'));
  });
  await page.goto(address);
  await expect(page.getByText('閲覧のみのボードです')).toBeVisible();
  await expect(page.locator('[data-board-canvas]')).toHaveAttribute('data-view', /\d/);
  await expect.poll(() => asked).toContain('/files/…/preview');
  expect(asked).not.toContain('/files/…/content');
  await expect(page.getByRole('button', { name: '書き出す' })).toHaveCount(0);
  await page.getByRole('button', { name: '一覧', exact: true }).click();
  const outline = page.locator('[data-outline]');
  for (const words of ['表札', '見える付せん', '現場']) await expect(outline.getByText(words)).toBeVisible();
  // Nothing of it gets onto the clipboard.
  await page.locator('[data-board-canvas]').focus();
  await page.keyboard.press('ControlOrMeta+a');
  const copied = await page.locator('[data-board-canvas]').evaluate((canvas) => {
    const clipboardData = new DataTransfer();
    canvas.dispatchEvent(new ClipboardEvent('copy', { clipboardData, bubbles: true, cancelable: true }));
    return clipboardData.types;
  });
  expect(copied).toEqual([]);
  expect(sockets).toBe(0);
  const { violations } = await new AxeBuilder({ page }).include('main').analyze();
  expect(violations.map((one) => one.id)).toEqual([]);
  // What others change comes by itself.
  await drawOn(house, officer, id, (board) => createNote(board, { x: 600, y: 100 }, '後から来た付せん'));
  await expect(outline.getByText('後から来た付せん')).toBeVisible();
});

test('of files what may be seen, under headers that keep it still, and never the bytes', async ({
  browser,
}) => {
  const [image, text, table, paper] = [
    await put('写真.png', png(2000, 1200)),
    await put('読み物.html', `<script>alert(1)</script>${'長い文章。'.repeat(40_000)}`),
    await put('名簿.csv', '名前,人数\n益子町,3\n'),
    await put('要綱.pdf', pdf(['要綱'])),
  ];
  await drawn(image!);
  const path = (id: string) => `/s/${space}/file/${id}`;
  const page = await open(browser, path(image!));
  const region = page.getByRole('region', { name: '内容', exact: true });
  const picture = region.getByRole('img', { name: '写真.png' });
  await expect(picture).toHaveJSProperty('naturalWidth', 1600);
  await expect(region.getByText('縮小した画像')).toBeVisible();
  await expect(page.getByRole('link', { name: 'ダウンロード' })).toHaveCount(0);
  // The same picture in a document.
  const doc = await house.doc(officer, space, '写真入り', `![現場](/files/${image}/content)`);
  await page.goto(`${instance().origin}/s/${space}/doc/${doc}`);
  const inside = page.locator('.document img');
  await expect(inside).toHaveAttribute('src', `/files/${image}/preview`);
  await expect(inside).toHaveJSProperty('naturalWidth', 1600);
  await page.goto(instance().origin + path(text!));
  await expect(region.getByText('はじめの部分だけ')).toBeVisible();
  await expect(region.locator('pre')).toContainText('<script>alert(1)</script>');
  await page.goto(instance().origin + path(table!));
  await expect(region.getByRole('cell', { name: '益子町' })).toBeVisible();
  await page.goto(instance().origin + path(paper!));
  await expect(region.getByText('この種類のファイルの内容は表示できません')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).include('main').analyze();
  expect(violations.map((one) => one.id)).toEqual([]);
  for (const id of [image, text, table]) {
    const seen = await page.request.get(`${instance().origin}/files/${id}/preview`);
    expect(seen.status()).toBe(200);
    expect(seen.headers()).toMatchObject({ 'x-content-type-options': 'nosniff' });
    expect(seen.headers()['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
    expect(seen.headers()['content-type']).toMatch(/^(image\/webp|text\/plain)/);
    expect((await page.request.get(`${instance().origin}/files/${id}/content`)).status()).toBe(403);
  }
  const beginning = await page.request.get(`${instance().origin}/files/${text}/preview`);
  expect((await beginning.body()).byteLength).toBe(256 * 1024);
  expect((await page.request.get(`${instance().origin}/files/${paper}/preview`)).status()).toBe(404);
  const stranger = await house.person('よその人', { organisation: '茂木町' });
  const elsewhere = await browserOf(browser, stranger);
  for (const id of [image, text]) {
    expect((await elsewhere.request.get(`${instance().origin}/files/${id}/preview`)).status()).toBe(404);
    expect((await elsewhere.request.get(`${instance().origin}/files/${id}/thumbnail`)).status()).toBe(404);
  }
});
