import type { Locator, Page } from '@playwright/test';
import { newId } from '@engawa/schema';
import { ADMINISTRATOR, openHouse, type House, type Person } from './house.ts';
import { instance, mailTo } from './instance.ts';
import { expect, test } from './test.ts';
import { editorOf, saved } from './writing.ts';

// The main story without a pointer: what one comes to by Tab is seen, does its work, and gives the focus back.
test.describe.configure({ mode: 'serial' });

/** Another at a second try: the administrator still has the space of the first. */
const SPACE = `鍵盤のしけん ${newId().slice(-6)}`;

let house: House;
let space: string;
let page: Page;

test.beforeAll(async ({ browser }) => {
  house = await openHouse();
  const { id, officer } = await house.space(SPACE);
  space = id;
  await house.folder(officer, space, '会議');
  const [row] = await house.sql<{ id: string }[]>`select id from people where email = ${ADMINISTRATOR.email}`;
  await house.give(officer, row as Person, space, 'manager');
  page = await (await browser.newContext()).newPage();
});
test.afterAll(async () => {
  await page.context().close();
  await house.close();
});

/** Walks by Tab until this has the focus. Every stop on the way is in sight and shows that it has the focus. */
async function tabTo(wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const stops: string[] = [];
  for (let step = 0; step < 200; step += 1) {
    await page.keyboard.press(key);
    const stop = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement;
      const name = `${at.tagName} ${at.getAttribute('aria-label') ?? at.textContent}`.slice(0, 60);
      // A row of a list draws the ring around itself, by its link's `::after`.
      const rings = [getComputedStyle(at), getComputedStyle(at, '::after')];
      const label = at.closest('label');
      if (label) rings.push(getComputedStyle(label));
      const seen = rings.some((style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0);
      // A caret shows where one is in a text; the parts of a date field are the browser's own.
      const own = at.isContentEditable || at.matches('body, input[type=date]');
      return { name, seen: seen || own };
    });
    stops.push(stop.name);
    expect(stop.seen, `“${stop.name}” does not show that it has the focus`).toBe(true);
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Not reached by ${key}. On the way: ${stops.join(' → ')}`);
}

/** Takes this entry of the menu whose button has the focus. */
async function choose(entry: string, key: 'ArrowDown' | 'ArrowUp' = 'ArrowDown'): Promise<void> {
  await page.keyboard.press('Enter');
  // The arrows mean the menu once its first line has the focus.
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  const item = page.getByRole('menuitem', { name: entry });
  for (let step = 0; step < 10; step += 1) {
    if (await item.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press(key);
  }
  await expect(item).toBeFocused();
  await page.keyboard.press('Enter');
}

/** Takes this entry of the menu of the open item. */
async function take(entry: string): Promise<void> {
  await tabTo(page.locator('header').getByRole('button', { name: /の操作$/ }), 'Shift+Tab');
  await choose(entry);
}

const title = (): Locator => page.getByRole('textbox', { name: '文書の名前' });

test('signs in, and opens a space', async () => {
  await page.goto(`${instance().origin}/login`);
  await tabTo(page.getByLabel('メールアドレス'));
  await page.keyboard.type(ADMINISTRATOR.email);
  await tabTo(page.getByLabel('パスワード', { exact: true }));
  await page.keyboard.type(ADMINISTRATOR.password);
  await page.keyboard.press('Enter');
  const link = page.getByRole('main').getByRole('link', { name: SPACE });
  await expect(link).toBeVisible();
  await tabTo(link);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: SPACE, level: 1 })).toBeVisible();
});

test('makes a document: its name is written first, Enter goes on into the text', async () => {
  await tabTo(page.getByRole('main').getByRole('button', { name: '追加' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: '新しい文書' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(title()).toBeFocused();
  await expect(editorOf(page)).toBeVisible();
  await page.keyboard.type('打ち合わせの記録');
  await page.keyboard.press('Enter');
  await expect(editorOf(page)).toBeFocused();
  await page.keyboard.type('鍵盤だけで書く。');
  await saved(page);
  await expect(page.getByRole('treeitem', { name: '打ち合わせの記録' })).toBeVisible();
});

test('shares it, and invites somebody', async () => {
  const share = page.locator('header').getByRole('button', { name: '共有' });
  await tabTo(share, 'Shift+Tab');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  const field = dialog.getByLabel('人・組織を加える');
  await expect(field).toBeVisible();
  await tabTo(field);
  await page.keyboard.type('kenban@town.example.jp');
  await tabTo(dialog.getByRole('button', { name: '招待を送る' }));
  await page.keyboard.press('Enter');
  await expect(page.getByText('kenban@town.example.jpに招待を送りました')).toBeVisible();
  await expect(dialog.getByRole('list', { name: '返事を待っている招待' })).toContainText('kenban@');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(share).toBeFocused();
  await mailTo('kenban@town.example.jp');
});

test('renames it, and the focus comes back to the menu', async () => {
  await page.getByRole('main').focus();
  await take('名前を変える');
  const field = page.getByRole('dialog').getByRole('textbox');
  await expect(field).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('第1回の記録');
  await page.keyboard.press('Enter');
  await expect(title()).toHaveValue('第1回の記録');
  await expect(page.locator('header').getByRole('button', { name: /の操作$/ })).toBeFocused();
});

test('moves it by the dialog, and back by the keys that take back', async () => {
  await page.getByRole('main').focus();
  await take('移動');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('radio', { name: SPACE })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByText('「第1回の記録」を「会議」へ移動しました')).toBeVisible();
  // The Enter that moved it pressed nothing else.
  await expect(page.getByRole('menu')).toHaveCount(0);
  const steps = page.getByRole('navigation', { name: '今いる場所' });
  await expect(steps).toContainText('会議');
  await page.keyboard.press('ControlOrMeta+z');
  await expect(steps).not.toContainText('会議');
});

test('throws it away, and takes it back at the notice itself', async () => {
  await page.getByRole('main').focus();
  await take('ごみ箱へ');
  await expect(page).toHaveURL(new RegExp(`/s/${space}$`));
  const undo = page.getByRole('region', { name: 'お知らせ' }).getByRole('button', { name: '元に戻す' });
  await expect(undo).toBeVisible();
  await expect(page.getByRole('treeitem', { name: '第1回の記録' })).toHaveCount(0);
  await tabTo(undo);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('treeitem', { name: '第1回の記録' })).toBeVisible();
});

test('brings a file by the menu, and sends the list of uploads away', async () => {
  const add = page.getByRole('main').getByRole('button', { name: '追加' });
  await page.getByRole('main').focus();
  await tabTo(add);
  const picker = page.waitForEvent('filechooser');
  await choose('ファイルをアップロード');
  const file = { name: '鍵盤の写し.txt', mimeType: 'text/plain', buffer: Buffer.from('写し') };
  await (await picker).setFiles(file);
  const panel = page.getByRole('region', { name: 'アップロード' });
  await expect(panel.getByText('アップロードが終わりました')).toBeVisible({ timeout: 30_000 });
  await tabTo(panel.getByRole('button', { name: '一覧を閉じる' }));
  await page.keyboard.press('Enter');
  await expect(panel).toHaveCount(0);
  await expect(page.getByRole('treeitem', { name: '鍵盤の写し.txt' })).toBeVisible();
});

test('⌘K gives the focus back when it is left, and opens what is chosen', async () => {
  const home = page.getByRole('navigation', { name: 'メニュー' }).getByRole('link', { name: '参加者' });
  await home.focus();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox');
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field).toHaveCount(0);
  await expect(home).toBeFocused();
  await page.keyboard.press('Control+k');
  await field.fill('第1回');
  await expect(page.getByRole('option', { selected: true })).toHaveText(/第1回の記録/);
  await page.keyboard.press('Enter');
  await expect(title()).toHaveValue('第1回の記録');
});

test('a board: its name is written first, Enter goes on to the board', async () => {
  await page.goto(`${instance().origin}/s/${space}`);
  const entry = page.getByRole('menuitem', { name: '新しいボード' });
  await expect(async () => {
    await page.getByRole('main').getByRole('button', { name: '追加' }).press('Enter');
    await expect(entry).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await page.keyboard.press('ArrowDown');
  await expect(entry).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'ボードの名前' })).toBeFocused({ timeout: 60_000 });
  await page.keyboard.type('鍵盤の板');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-board-canvas]')).toBeFocused();
  await expect(page.getByRole('treeitem', { name: '鍵盤の板' })).toBeVisible();
});

test('signs out', async () => {
  const me = page
    .getByRole('navigation', { name: 'メニュー' })
    .getByRole('button', { name: ADMINISTRATOR.name });
  await tabTo(me, 'Shift+Tab');
  await choose('ログアウト', 'ArrowUp');
  await expect(page).toHaveURL(/\/login/);
});
