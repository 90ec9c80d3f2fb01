import type { Page } from '@playwright/test';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect, test } from './test.ts';

// Finding one's way: everything by name, stars, what was opened lately, and what others changed since.

let house: House;
let officer: Person;
let guest: Person;
let here: string;
let memo: string;

test.beforeAll(async () => {
  house = await openHouse();
  const first = await house.space('農業振興の検討');
  officer = first.officer;
  here = first.id;
  memo = await house.doc(officer, here, '議事メモ', '本文');
  await house.doc(officer, here, 'データの置き場');
  guest = await house.person('町野 さくら', { organisation: '益子町' });
  await house.give(officer, guest, memo, 'editor');
  const second = await house.space('統計の引き継ぎ');
  await house.give(second.officer, officer, second.id, 'editor');
  await house.doc(officer, second.id, 'ﾃﾞｰﾀ定義書');
});

test.afterAll(() => house.close());

async function open(page: Page): Promise<void> {
  // Keys count once the page's script is there.
  await expect(async () => {
    if (!(await page.getByRole('combobox').isVisible())) await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox')).toBeFocused({ timeout: 1000 });
  }).toPass();
}

test('⌘K finds across spaces, folded; a conversion under way looks for nothing', async ({ browser }) => {
  const context = await browserOf(browser, officer);
  const page = await context.newPage();
  await page.goto(`${instance().origin}/s/${here}`);
  await expect(page.getByRole('tree')).toBeVisible();
  await open(page);
  const options = page.getByRole('option');
  await page.getByRole('combobox').fill('でーた');
  await expect(options).toHaveText([/データの置き場/, /ﾃﾞｰﾀ定義書\s*統計の引き継ぎ/]);
  await page.getByRole('combobox').fill('');

  const client = await context.newCDPSession(page);
  const before = await options.count();
  await client.send('Input.imeSetComposition', { text: 'ないもの', selectionStart: 4, selectionEnd: 4 });
  await page.waitForTimeout(300);
  await expect(options).toHaveCount(before);
  await client.send('Input.imeSetComposition', { text: '定義', selectionStart: 2, selectionEnd: 2 });
  await client.send('Input.insertText', { text: '定義' });
  await expect(options).toHaveText([/ﾃﾞｰﾀ定義書/]);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('ﾃﾞｰﾀ定義書');
});

test('⌘K of a guest knows only what they were given', async ({ browser }) => {
  const context = await browserOf(browser, guest);
  const page = await context.newPage();
  await page.goto(`${instance().origin}/`);
  await open(page);
  await page.getByRole('combobox').fill('データ');
  await expect(page.getByText('見つかりません')).toBeVisible();
  await page.getByRole('combobox').fill('メモ');
  await expect(page.getByRole('option')).toHaveText([/議事メモ/]);
});

test('a star, and what was opened lately, stand first', async ({ browser }) => {
  const context = await browserOf(browser, officer);
  const page = await context.newPage();
  await page.goto(`${instance().origin}/s/${here}/doc/${memo}`);
  const star = page.getByRole('button', { name: '議事メモをお気に入りにする' });
  // A click counts once the page's script is there.
  await expect(async () => {
    if ((await star.getAttribute('aria-pressed')) === 'false') await star.click();
    await expect(star).toHaveAttribute('aria-pressed', 'true', { timeout: 3000 });
  }).toPass();
  await page.reload();
  await expect(star).toHaveAttribute('aria-pressed', 'true');
  await page.goto(`${instance().origin}/`);
  await expect(page.getByRole('navigation').getByRole('link', { name: '議事メモ' })).toBeVisible();
  await open(page);
  await expect(page.getByRole('group', { name: '最近開いたもの' }).getByRole('option').first()).toHaveText(
    /議事メモ/,
  );
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(memo));
});

test('what somebody else changed carries a mark until it is opened', async ({ browser }) => {
  const context = await browserOf(browser, guest);
  const page = await context.newPage();
  await page.goto(`${instance().origin}/s/${here}/doc/${memo}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForTimeout(500);
  await page.goto(`${instance().origin}/s/${here}`);
  const row = page.getByRole('treeitem', { name: /議事メモ/ });
  await expect(row).toHaveAccessibleName('議事メモ');
  const { renameItem } = await import('@engawa/domain');
  await renameItem(officer.ctx, { id: memo, title: '議事メモ（確定）' });
  await expect(row).toHaveAccessibleName('議事メモ（確定） · 開いたあとに変更あり');
  await expect(page.getByRole('main').getByText('開いたあとに変更あり')).toHaveCount(1);
  await row.getByRole('link').click();
  await expect(row).toHaveAccessibleName('議事メモ（確定）');
});

test('home says what waits for me and what others did, of what I may see', async ({ browser }) => {
  const { invite } = await import('@engawa/domain');
  await invite(officer.ctx, { objectId: here, email: 'noone@example.jp', name: '田中 一郎', role: 'viewer' });
  const leaving = await house.person('旅立 春', { organisation: '益子町' });
  await house.give(officer, leaving, here, 'viewer', new Date(Date.now() + 3 * 86_400_000));
  const page = await (await browserOf(browser, officer)).newPage();
  await page.goto(`${instance().origin}/`);
  const needs = page.getByRole('list', { name: '対応が必要なこと' });
  await expect(needs.getByRole('link', { name: '旅立 春 · 益子町' })).toBeVisible();
  await expect(needs.getByRole('link', { name: '田中 一郎' })).toBeVisible();
  await page.context().close();

  const theirs = await (await browserOf(browser, guest)).newPage();
  await theirs.goto(`${instance().origin}/`);
  await expect(theirs.getByRole('main').getByText('議事メモ', { exact: false }).first()).toBeVisible();
  await expect(theirs.getByText('対応が必要なこと')).toHaveCount(0);
  await expect(theirs.getByText('データの置き場')).toHaveCount(0);
});

test('a row of the tree is dragged to another place, and taken back', async ({ browser }) => {
  await house.folder(officer, here, '書庫');
  const page = await (await browserOf(browser, officer)).newPage();
  await page.goto(`${instance().origin}/s/${here}`);
  const row = (name: string) => page.getByRole('treeitem', { name });
  const names = () => page.getByRole('treeitem').evaluateAll((rows) => rows.map((r) => r.ariaLabel));
  await expect(row('書庫')).toHaveAttribute('draggable', 'true');
  const before = await names();
  await row('書庫').dragTo(row('データの置き場'), { targetPosition: { x: 60, y: 3 } });
  await expect
    .poll(names)
    .toEqual(['議事メモ', '書庫', 'データの置き場'].map((n) => before.find((b) => b?.startsWith(n))));
  await page.getByRole('button', { name: '元に戻す' }).click();
  await expect.poll(names).toEqual(before);
});

test('a place is introduced by one sentence, once, by keyboard too', async ({ browser }) => {
  const newcomer = await house.person('新人 葉');
  await house.give(officer, newcomer, here, 'editor');
  const page = await (await browserOf(browser, newcomer)).newPage();
  const sentence = page.getByRole('region', { name: 'この場所のご案内' });
  await page.goto(`${instance().origin}/`);
  await expect(sentence).toContainText('名前で開けます');
  await expect(async () => {
    await page.getByRole('button', { name: 'わかりました' }).press('Enter', { timeout: 1000 });
    await expect(sentence).toHaveCount(0, { timeout: 2000 });
  }).toPass();
  await expect(page.getByRole('main')).toBeFocused();
  await page.goto(`${instance().origin}/s/${here}`);
  await expect(sentence).toContainText('☆');
  await expect(async () => {
    await page.getByRole('button', { name: '案内をすべて閉じる' }).click({ timeout: 1000 });
    await expect(sentence).toHaveCount(0, { timeout: 2000 });
  }).toPass();
  await page.waitForTimeout(500);
  for (const path of ['/', `/s/${here}/doc/${memo}`]) {
    await page.goto(instance().origin + path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(sentence).toHaveCount(0);
  }
});
