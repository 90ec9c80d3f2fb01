import AxeBuilder from '@axe-core/playwright';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Download, Page } from '@playwright/test';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect, test } from './test.ts';
import {
  awake,
  bytes,
  choose,
  disk,
  drag,
  holdChunks,
  line,
  listed,
  openAdd,
  panel,
  paths,
  shaInVault,
  shaOf,
} from './uploading.ts';

const LONG = '長い名前の資料'.repeat(9);

let house: House;
let officer: Person;
let space: string;
let folder: string;
let context: BrowserContext;
let page: Page;

test.beforeAll(async () => {
  house = await openHouse();
});
test.afterAll(() => house.close());

test.beforeEach(async ({ browser }) => {
  ({ id: space, officer } = await house.space('資料の受け渡し'));
  folder = await house.folder(officer, space, '会議');
  context = await browserOf(browser, officer);
  page = await context.newPage();
});

const open = (path = ''): Promise<unknown> => page.goto(`${instance().origin}/s/${space}${path}`);
const done = (): Promise<void> => expect(panel(page).getByText('アップロードが終わりました')).toBeVisible();

test('files by the button: they come whole, with their sizes and a way to open them', async () => {
  const content = bytes(300_000);
  const root = await disk({ '計画.pdf': content, '空.txt': '' });
  await open();
  await choose(page, [join(root, '計画.pdf'), join(root, '空.txt')]);
  await done();
  const there = await paths(officer, space);
  expect(await shaInVault(page, there.get('計画.pdf')!)).toBe(shaOf(content));
  expect(await shaInVault(page, there.get('空.txt')!)).toBe(shaOf(Buffer.alloc(0)));
  await expect(listed(page, '計画.pdf')).toContainText('300 KB');
  await expect(line(page, '計画.pdf').getByRole('link')).toHaveAttribute(
    'href',
    `/s/${space}/file/${there.get('計画.pdf')}`,
  );
  await panel(page).getByRole('button', { name: '一覧を閉じる' }).click();
  await expect(panel(page)).toHaveCount(0);
});

test('a folder by the button keeps its shape, and uses folders that are there', async () => {
  const root = await disk({ '会議/議事.txt': 'a', '会議/第1回/次第.txt': 'b', '会議/.DS_Store': 'x' });
  await open();
  const entry = await openAdd(page, 'フォルダをアップロード');
  const picker = page.waitForEvent('filechooser');
  await entry.click();
  await (await picker).setFiles(join(root, '会議'));
  await done();
  const there = await paths(officer, space);
  expect([...there.keys()].sort()).toEqual(
    ['会議', '会議/第1回', '会議/第1回/次第.txt', '会議/議事.txt'].sort(),
  );
  expect(there.get('会議')).toBe(folder);
});

test('a folder dropped on the page: where it goes is said, and empty folders come too', async () => {
  const root = await disk({ '資料/一.txt': '1', '資料/中/二.txt': '2' });
  await mkdir(join(root, '資料/空'));
  await open(`/folder/${folder}`);
  await awake(page);
  const held = await drag(page, [join(root, '資料')], page.locator('#content'));
  await expect(page.getByText('「会議」にアップロード')).toBeVisible();
  await held.drop();
  await done();
  await expect
    .poll(async () => [...(await paths(officer, space)).keys()].sort())
    .toEqual(
      ['会議', '会議/資料', '会議/資料/一.txt', '会議/資料/中', '会議/資料/中/二.txt', '会議/資料/空'].sort(),
    );
});

test('a file dropped on a folder of the tree, or on its row, goes into that folder', async () => {
  const root = await disk({ '木へ.txt': '1', '列へ.txt': '2' });
  await open();
  await awake(page);
  const onTree = await drag(page, [join(root, '木へ.txt')], page.getByRole('treeitem', { name: '会議' }));
  await expect(page.getByText('「会議」にアップロード')).toBeVisible();
  await onTree.drop();
  await expect(line(page, '木へ.txt')).toContainText('会議');
  const onRow = await drag(page, [join(root, '列へ.txt')], listed(page, '会議'));
  await expect(page.getByText('「会議」にアップロード')).toBeVisible();
  await onRow.drop();
  await expect(line(page, '列へ.txt')).toBeVisible();
  await done();
  const there = await paths(officer, space);
  expect([...there.keys()]).toEqual(expect.arrayContaining(['会議/木へ.txt', '会議/列へ.txt']));
});

test('a file and a folder come down again by their menus, under their own names', async () => {
  const content = bytes(30_000);
  const root = await disk({ '会議/配布 資料.bin': content });
  await open();
  const entry = await openAdd(page, 'フォルダをアップロード');
  const picker = page.waitForEvent('filechooser');
  await entry.click();
  await (await picker).setFiles(join(root, '会議'));
  await done();
  const fetched = async (name: string, how: string): Promise<Download> => {
    const row = page.getByRole('treeitem', { name });
    await row.focus();
    await page.keyboard.press('Shift+F10');
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: how }).click();
    return download;
  };
  expect((await fetched('会議', 'ZIPでダウンロード')).suggestedFilename()).toBe('会議.zip');
  await page.getByRole('treeitem', { name: '会議' }).press('ArrowRight');
  const file = await fetched('配布 資料.bin', 'ダウンロード');
  expect(file.suggestedFilename()).toBe('配布 資料.bin');
  expect(shaOf(await readFile(await file.path()))).toBe(shaOf(content));
});

test('a screenshot pasted gets a name that says when', async () => {
  await open(`/folder/${folder}`);
  await awake(page);
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array([137, 80, 78, 71])], 'image.png', { type: 'image/png' }));
    document.body.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  await done();
  const [name] = [...(await paths(officer, space)).keys()].filter((path) => path.startsWith('会議/'));
  expect(name).toMatch(/^会議\/スクリーンショット \d{4}-\d{2}-\d{2} \d{2}\.\d{2}\.png$/);
});

test('who may only look is refused in words, and nothing goes up', async ({ browser }) => {
  const reader = await house.person('町野 さくら', { organisation: '益子町' });
  await house.give(officer, reader, space, 'viewer');
  const theirs = await browserOf(browser, reader);
  const other = await theirs.newPage();
  const asked: string[] = [];
  other.on(
    'request',
    (request) => request.method() === 'POST' && asked.push(new URL(request.url()).pathname),
  );
  await other.goto(`${instance().origin}/s/${space}`);
  await expect(other.getByRole('treeitem', { name: '会議' })).toBeVisible();
  await expect(other.locator('main').getByRole('button', { name: '追加', exact: true })).toHaveCount(0);
  // Nothing hears a drop before the page's script is there.
  await expect(async () => {
    await other.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'だめ.txt'));
      const main = document.getElementById('content')!;
      for (const type of ['dragover', 'drop'])
        main.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await expect(other.getByText(/にはアップロードできません/).first()).toBeVisible({ timeout: 1_000 });
  }).toPass();
  expect(asked).not.toContain('/files/uploads');
});

test('who may only hand in is led to where that is done, and gets a receipt', async ({ browser }) => {
  const maker = await house.person('応募 する人', { organisation: '株式会社あさひ' });
  await house.give(officer, maker, folder, 'uploader');
  const theirs = await browserOf(browser, maker);
  const other = await theirs.newPage();
  await other.goto(`${instance().origin}/s/${space}/folder/${folder}`);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('「会議」に提出');
  await expect(other.getByText('まだ何も提出していません')).toBeVisible();
  const content = bytes(20_000);
  const root = await disk({ '応募書類/一.pdf': content });
  await expect(async () => {
    const held = await drag(other, [join(root, '応募書類')], other.locator('#content'));
    await held.drop();
    await expect(line(other, '一.pdf')).toBeVisible({ timeout: 2_000 });
  }).toPass();
  const row = other.locator('main').getByRole('listitem').filter({ hasText: '一.pdf' });
  await expect(row).toContainText(shaOf(content).slice(0, 12));
  const { violations } = await new AxeBuilder({ page: other }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await expect.poll(async () => [...(await paths(officer, space)).keys()]).toContain('会議/一.pdf');
});

test('names: what no disk can hold is refused in words, the rest is put right', async () => {
  const kanji = `${'漢'.repeat(83)}.txt`;
  await open();
  await awake(page);
  await page.evaluate(
    (names) => {
      const data = new DataTransfer();
      for (const name of names) data.items.add(new File([name], name));
      document
        .getElementById('content')!
        .dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    ['../x.txt', 'nul\u0000l.txt', '報告\u202Etxt.exe', kanji, 'か\u3099くせい.txt'],
  );
  await expect(line(page, 'x.txt').filter({ hasText: '../x' })).toContainText('使えません');
  await expect(panel(page).getByText('使えません')).toHaveCount(2);
  await expect(panel(page).getByRole('heading')).toHaveText('できなかったものがあります：2件');
  const there = await paths(officer, space);
  expect([...there.keys()].sort()).toEqual(['会議', '報告txt.exe', kanji, 'がくせい.txt'].sort());
});

test('by keyboard alone: the menu, a pause, going on, and the list put away', async () => {
  const root = await disk({ '鍵盤.bin': bytes(50_000) });
  await open();
  await awake(page);
  const { letGo } = await holdChunks(page);
  await page.locator('main').getByRole('button', { name: '追加', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.type('ファイルをア');
  const picker = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: 'ファイルをアップロード' }).press('Enter');
  await (await picker).setFiles([join(root, '鍵盤.bin')]);
  await line(page, '鍵盤.bin')
    .getByRole('button', { name: /一時停止/ })
    .press('Enter');
  await expect(line(page, '鍵盤.bin')).toContainText('一時停止中');
  await letGo();
  await line(page, '鍵盤.bin').getByRole('button', { name: /再開/ }).press('Enter');
  await done();
  await panel(page).getByRole('button', { name: '一覧を閉じる' }).press('Enter');
  await expect(panel(page)).toHaveCount(0);
});

for (const [width, height] of [
  [1440, 900],
  [390, 844],
] as const) {
  test(`with the list open, axe finds nothing and nothing is cut at ${width}`, async () => {
    const root = await disk({ '途中.bin': bytes(50_000), 'だめ.txt': 'x', [LONG]: 'x' });
    await page.setViewportSize({ width, height });
    await open();
    await awake(page);
    await choose(page, [join(root, 'だめ.txt'), join(root, LONG)]);
    await done();
    const { letGo } = await holdChunks(page);
    await choose(page, [join(root, '途中.bin')]);
    // On a phone the list is a bar until it is opened.
    const larger = panel(page).getByRole('button', { name: '一覧を開く' });
    if (width < 640) await larger.click();
    await expect(line(page, '途中.bin').getByRole('button', { name: /一時停止/ })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await panel(page).getByRole('button', { name: '一覧をたたむ' }).click();
    await expect(line(page, '途中.bin')).toHaveCount(0);
    await larger.click();
    await panel(page).getByRole('button', { name: 'すべて取り消す' }).click();
    await expect(panel(page)).toHaveCount(0);
    await letGo();
  });
}
