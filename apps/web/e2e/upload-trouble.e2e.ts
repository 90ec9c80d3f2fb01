import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { openLine, type Line } from './line.ts';
import { expect, test } from './test.ts';
import {
  bytes,
  choose,
  disk,
  holdChunks,
  line,
  listed,
  panel,
  paths,
  shaInVault,
  shaOf,
  slow,
} from './uploading.ts';

// What goes wrong on the way, and what a person decides: nothing is lost, and every file says where it stands.
let house: House;
let officer: Person;
let space: string;
let context: BrowserContext;
let page: Page;

test.beforeAll(async () => {
  house = await openHouse();
});
test.afterAll(() => house.close());

async function begin(open: () => Promise<BrowserContext>): Promise<void> {
  ({ id: space, officer } = await house.space('資料の受け渡し'));
  context = await open();
  page = await context.newPage();
  await page.goto(`${instance().origin}/s/${space}`);
}
const done = (): Promise<void> =>
  expect(panel(page).getByText('アップロードが終わりました')).toBeVisible({ timeout: 60_000 });
const dialog = () => page.getByRole('dialog');

test.describe('a name that is taken', () => {
  let root: string;

  test.beforeEach(async ({ browser }) => {
    await begin(() => browserOf(browser, officer));
    root = await disk({ '計画.txt': 'はじめ', '予算.txt': 'はじめ', '名簿.txt': 'はじめ' });
    await choose(page, all());
    await done();
    await panel(page).getByRole('button', { name: '一覧を閉じる' }).click();
    for (const path of all()) await writeFile(path, 'つぎ');
  });

  const all = (): string[] => ['計画.txt', '予算.txt', '名簿.txt'].map((name) => join(root, name));
  const answer = async (label: string, others = false): Promise<void> => {
    await dialog().getByText(label, { exact: true }).click();
    if (others) await dialog().getByRole('checkbox').check();
    await dialog().getByRole('button', { name: '続ける' }).click();
  };

  test('a new version, both, or left out: each is asked and done', async () => {
    await choose(page, all());
    const titles = new Map<string, string>([
      ['計画.txt', '新しい版にする'],
      ['予算.txt', '両方残す'],
      ['名簿.txt', 'このファイルは追加しない'],
    ]);
    for (let left = 3; left > 0; left -= 1) {
      const title = dialog().getByRole('heading', { name: /はすでにあります/ });
      await expect(title).toBeVisible();
      const said = await title.innerText();
      const name = [...titles.keys()].find((one) => said.includes(one))!;
      await answer(titles.get(name)!);
      titles.delete(name);
      await expect(dialog().getByText(name)).toHaveCount(0);
    }
    await done();
    const there = await paths(officer, space);
    expect([...there.keys()].sort()).toEqual(['予算 (2).txt', '予算.txt', '名簿.txt', '計画.txt'].sort());
    expect(await shaInVault(page, there.get('計画.txt')!)).toBe(shaOf(Buffer.from('つぎ')));
    expect(await shaInVault(page, there.get('予算.txt')!)).toBe(shaOf(Buffer.from('はじめ')));
    expect(await shaInVault(page, there.get('予算 (2).txt')!)).toBe(shaOf(Buffer.from('つぎ')));
    expect(await shaInVault(page, there.get('名簿.txt')!)).toBe(shaOf(Buffer.from('はじめ')));
    await expect(listed(page, '計画.txt')).toContainText('第2版');
  });

  test('one answer for all of them, also when it was put off first', async () => {
    await choose(page, all());
    await dialog().getByRole('button', { name: 'あとで選ぶ' }).last().click();
    await expect(dialog()).toHaveCount(0);
    await line(page, '予算.txt').getByRole('button', { name: /選ぶ/ }).click();
    await expect(dialog().getByRole('heading', { name: /予算/ })).toBeVisible();
    await answer('新しい版にする', true);
    await done();
    const there = await paths(officer, space);
    expect(there.size).toBe(3);
    for (const id of there.values()) expect(await shaInVault(page, id)).toBe(shaOf(Buffer.from('つぎ')));
  });
});

test('paused, gone on with, cancelled; walking about in the app stops nothing, leaving it warns', async ({
  browser,
}) => {
  await begin(() => browserOf(browser, officer));
  const content = bytes(400_000);
  const root = await disk({ '続き.bin': content, '取消.bin': bytes(400_000, 2) });
  const gone = page.waitForRequest((request) => request.method() === 'DELETE');
  const { letGo } = await holdChunks(page);
  await choose(page, [join(root, '続き.bin'), join(root, '取消.bin')]);
  await line(page, '続き.bin')
    .getByRole('button', { name: /一時停止/ })
    .click();
  await expect(line(page, '続き.bin')).toContainText('一時停止中');
  await line(page, '取消.bin')
    .getByRole('button', { name: /取り消す/ })
    .click();
  await expect(line(page, '取消.bin')).toHaveCount(0);
  await gone;
  await line(page, '続き.bin').getByRole('button', { name: /再開/ }).click();
  await page.getByRole('link', { name: '参加者' }).first().click();
  await expect(page).toHaveURL(/members/);
  await expect(line(page, '続き.bin')).toBeVisible();
  const warned = page.waitForEvent('dialog');
  void page.reload().catch(() => {});
  const warning = await warned;
  expect(warning.type()).toBe('beforeunload');
  await warning.dismiss();
  await letGo();
  await done();
  const there = await paths(officer, space);
  expect([...there.keys()]).toEqual(['続き.bin']);
  expect(await shaInVault(page, there.get('続き.bin')!)).toBe(shaOf(content));
});

test('the line is cut in the middle: it says so, goes on by itself, and not a byte is wrong', async ({
  browser,
}) => {
  const content = bytes(24_000_000);
  const root = await disk({ '大きい.bin': content });
  let cable: Line | undefined;
  await begin(async () => browserOf(browser, officer, { proxy: (cable = await openLine()).proxy }));
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(new URL(request.url()).pathname));
  await slow(page, 2_000_000);
  await choose(page, [join(root, '大きい.bin')]);
  await expect(line(page, '大きい.bin').getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^[1-9]/, {
    timeout: 30_000,
  });
  cable!.cut();
  await expect(line(page, '大きい.bin')).toContainText('接続を待っています');
  await slow(page, 0);
  cable!.restore();
  await done();
  expect(posts.filter((path) => path === '/files/uploads')).toHaveLength(1);
  const there = await paths(officer, space);
  expect(await shaInVault(page, there.get('大きい.bin')!)).toBe(shaOf(content));
  await context.close();
  cable!.close();
});

test('after a reload the same file goes on, another one is refused, and signing out forgets', async ({
  browser,
}) => {
  await begin(() => browserOf(browser, officer));
  const content = bytes(400_000);
  const root = await disk({ '途中.bin': content, '別.bin': bytes(400_000, 3) });
  const held = await holdChunks(page);
  await choose(page, [join(root, '途中.bin')]);
  await expect.poll(() => held.held.length).toBe(1);
  page.on('dialog', (warning) => void warning.accept());
  await page.reload();
  await expect(line(page, '途中.bin')).toContainText('同じファイルを選ぶと');
  const pick = async (name: string): Promise<void> => {
    const picker = page.waitForEvent('filechooser');
    await line(page, '途中.bin')
      .getByRole('button', { name: /を選ぶ/ })
      .click();
    await (await picker).setFiles(join(root, name));
  };
  await pick('別.bin');
  await expect(page.getByText('「途中.bin」とは別のファイルです。')).toBeVisible();
  await held.letGo();
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(new URL(request.url()).pathname));
  await pick('途中.bin');
  await done();
  expect(posts).not.toContain('/files/uploads');
  const there = await paths(officer, space);
  expect(await shaInVault(page, there.get('途中.bin')!)).toBe(shaOf(content));
  const kept = (): Promise<string | null> => page.evaluate(() => localStorage.getItem('engawa:uploads'));
  expect(await kept()).toBeNull();
  const again = await holdChunks(page);
  await choose(page, [join(root, '別.bin')]);
  await expect.poll(() => again.held.length).toBe(1);
  expect(await kept()).toContain('別.bin');
  await page.getByRole('button', { name: `${officer.name} 栃木県` }).click();
  await page.getByRole('menuitem', { name: 'ログアウト' }).click();
  await expect(page).toHaveURL(/login/);
  expect(await kept()).toBeNull();
  await again.letGo();
});
