import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Locator, Page } from '@playwright/test';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { boardReady, newBoard, storedTexts, toCanvas } from './on-board.ts';
import { expect as once, test } from './test.ts';
import { compose } from './writing.ts';

// A board made and read without a pointer and without seeing it: rows, names and sentences are what there is.
test.describe.configure({ timeout: 240_000 });
const expect = once.configure({ timeout: 30_000 });
let house: House;
let space: string;
let officer: Person;
let mate: Person;

test.beforeAll(async () => {
  house = await openHouse();
  ({ id: space, officer } = await house.space('一覧のしけん'));
  mate = await house.person('同僚 花子');
  await house.give(officer, mate, space, 'editor');
});
test.afterAll(() => house.close());

async function pageOf(browser: Browser, person: Person, path: string, options = {}): Promise<Page> {
  const page = await (await browserOf(browser, person, options)).newPage();
  await page.goto(instance().origin + path);
  await boardReady(page);
  return page;
}

/** Walks from the canvas by Tab until this has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Shift+Tab');
  }
  throw new Error('Not reached by Tab.');
}

async function openOutline(page: Page): Promise<void> {
  await toCanvas(page);
  // On the canvas, Tab goes from thing to thing; Escape and the toolbar beside it lead on.
  await page.getByRole('button', { name: '一覧', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: '一覧' })).toBeVisible();
}

const rows = (page: Page) =>
  page
    .getByRole('treeitem')
    .evaluateAll((all) =>
      all
        .filter((row) => row.closest('[data-outline]'))
        .map((row) => `${'　'.repeat(Number(row.ariaLevel) - 1)}${row.getAttribute('aria-label')}`),
    );
const field = (page: Page) => page.locator('[data-outline-field]');
const said = (page: Page) => page.locator('[data-outline-said]');

/** Writes in the row that has just been made, and goes on in the way the key says. */
async function write(page: Page, text: string, then: 'Enter' | 'Control+Enter'): Promise<void> {
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(text);
  await page.keyboard.press(then);
}

test('a whole board by keyboard alone: made, ordered, moved, coloured, connected, read', async ({
  browser,
}) => {
  const { id, path } = await newBoard(house, officer, space);
  const page = await pageOf(browser, officer, path);
  await openOutline(page);
  await expect(page.getByText('まだ何もありません')).toBeVisible();
  await tabTo(page, page.getByRole('button', { name: '枠を追加' }));
  await page.keyboard.press('Enter');
  await write(page, '良いところ', 'Control+Enter');
  await write(page, '里山', 'Control+Enter');
  await expect(said(page)).toHaveText('付せんを追加しました');
  await write(page, '陶器市', 'Enter');
  await expect
    .poll(() => rows(page))
    .toEqual(['良いところ、枠', '　里山、付せん、黄', '　陶器市、付せん、黄']);
  await expect(page.getByRole('treeitem', { name: '陶器市、付せん' })).toBeFocused();

  await page.keyboard.press('Alt+ArrowUp');
  await expect(said(page)).toHaveText('付せん「陶器市」を2件中1番目にしました');
  await expect
    .poll(() => rows(page))
    .toEqual(['良いところ、枠', '　陶器市、付せん、黄', '　里山、付せん、黄']);
  await expect(page.getByRole('treeitem', { name: '陶器市、付せん' })).toBeFocused();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(said(page)).toHaveText('付せん「陶器市」を枠の外へ移しました');
  await page.keyboard.press('Alt+ArrowRight');
  await expect(said(page)).toHaveText('付せん「陶器市」を枠「良いところ」へ移しました');

  // Every deed is in the menu of the row, too.
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: '色を変える…' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: '青', exact: true }).press('Enter');
  await expect(said(page)).toHaveText('付せん「陶器市」を青にしました');
  await expect(page.getByRole('treeitem', { name: '陶器市、付せん、青' })).toBeFocused();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'つなぐ…' }).press('Enter');
  await page.getByRole('radio', { name: '付せん「里山」' }).press('Space');
  await page.getByRole('radio', { name: '付せん「里山」' }).press('Enter');
  await expect(said(page)).toHaveText('付せん「陶器市」から付せん「里山」へつなぎました');
  await expect
    .poll(async () => (await rows(page)).sort())
    .toEqual(
      [
        '良いところ、枠',
        '　陶器市 →付せん「里山」、付せん、青',
        '　里山 ←付せん「陶器市」、付せん、黄',
        '　付せん「陶器市」→付せん「里山」、つなぐ線',
      ].sort(),
    );

  // Composed by an input method: its own Enter ends nothing.
  await page.getByRole('treeitem', { name: /^里山 / }).focus();
  await page.keyboard.press('Enter');
  await expect(field(page)).toBeFocused();
  await compose(page, ['の', 'のけ', 'のけしき'], 'の景色');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('treeitem', { name: /^里山の景色 / })).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(said(page)).toHaveText(/^付せん「里山の景色」を消しました/);
  await expect.poll(() => storedTexts(house, id)).toEqual(['', '良いところ', '陶器市']);
  await page.keyboard.press('ControlOrMeta+z');
  await expect.poll(() => storedTexts(house, id)).toEqual(['', '良いところ', '里山の景色', '陶器市']);

  const axe = await new AxeBuilder({ page }).include('[data-outline]').analyze();
  expect(axe.violations.map(({ id: rule, nodes }) => [rule, nodes.map((node) => node.html)])).toEqual([]);
});

test('the arrows read everything, letters find, and a row and its place on the board are chosen together', async ({
  browser,
}) => {
  const notes = ['いち', 'に', 'さん'].map((text, index) => ({ text, x: index * 240, y: 0 }));
  const { path } = await newBoard(house, officer, space, notes);
  const page = await pageOf(browser, officer, path);
  await openOutline(page);
  const row = (name: string) => page.getByRole('treeitem', { name: `${name}、付せん、黄` });
  await expect.poll(() => rows(page)).toEqual(notes.map(({ text }) => `${text}、付せん、黄`));
  await row('いち').focus();
  await page.keyboard.press('ArrowDown');
  await expect(row('に')).toBeFocused();
  await expect(row('に')).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('End');
  await expect(row('さん')).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(row('いち')).toHaveAttribute('aria-selected', 'true');
  await expect(row('に')).toHaveAttribute('aria-selected', 'true');
  // Grouped by the board's own key, as on the canvas.
  await page.keyboard.press('Control+g');
  await expect
    .poll(() => rows(page))
    .toEqual(['まとまり', '　いち、付せん、黄', '　に、付せん、黄', 'さん、付せん、黄']);
  // Chosen on the canvas: its row is the one that Tab comes to.
  await toCanvas(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(page.locator('[data-outline] [role=treeitem][tabindex="0"]')).toHaveAttribute(
    'aria-selected',
    'true',
  );
});

test('what others do is told calmly, and does not disturb who is writing', async ({ browser }) => {
  const { id, path } = await newBoard(house, officer, space, [{ text: '集合場所', x: 0, y: 0 }]);
  const [page, other] = [await pageOf(browser, officer, path), await pageOf(browser, mate, path)];
  for (const one of [page, other]) await openOutline(one);
  await page.getByRole('treeitem', { name: '集合場所、付せん' }).focus();
  await page.keyboard.press('Enter');
  await expect(field(page)).toBeFocused();
  await compose(page, ['は', 'はえ'], 'は駅');

  await other.getByRole('treeitem', { name: /^集合場所/ }).focus();
  await other.keyboard.press('Control+Enter');
  await write(other, '持ち物', 'Enter');
  await expect.poll(() => storedTexts(house, id)).toEqual(['持ち物', '集合場所は駅']);
  // Both write in the same words.
  await other.getByRole('treeitem', { name: /^集合場所/ }).focus();
  await other.keyboard.press('Enter');
  await expect(field(other)).toBeFocused();
  await other.keyboard.press('Home');
  await other.keyboard.type('★');
  await expect(field(page)).toHaveValue('★集合場所は駅');
  await page.keyboard.type('前');
  await expect(field(other)).toHaveValue('★集合場所は駅前');
  await expect(field(page)).toBeFocused();
  expect(await rows(page)).toHaveLength(1);

  await page.keyboard.press('Enter');
  await expect.poll(() => rows(page)).toHaveLength(2);
  await expect(said(page)).toHaveText(/^ほかの人が/);
  await expect.poll(() => storedTexts(house, id)).toEqual(['★集合場所は駅前', '持ち物']);
});

test('who may only read has every word and no deed', async ({ browser }) => {
  const { id, path } = await newBoard(house, officer, space, [{ text: '読める', x: 0, y: 0 }]);
  const reader = await house.person('読む 人', { organisation: '益子町' });
  await house.give(officer, reader, id, 'viewer');
  const page = await pageOf(browser, reader, path);
  await openOutline(page);
  await expect.poll(() => rows(page)).toEqual(['読める、付せん、黄']);
  await page.getByRole('treeitem').filter({ hasText: '読める' }).focus();
  await page.keyboard.press('F2');
  await page.keyboard.press('Delete');
  await expect(field(page)).toHaveCount(0);
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menuitem')).toHaveText(['ボードの上で見る']);
  await expect(page.getByRole('button', { name: '付せんを追加' })).toHaveCount(0);
});

test('on a phone it fills the room, and shows a place by giving way to the board', async ({ browser }) => {
  const { path } = await newBoard(house, officer, space, [{ text: '駅', x: 0, y: 0 }]);
  const page = await pageOf(browser, officer, path, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  await page.getByRole('button', { name: '一覧', exact: true }).tap();
  const row = page.getByRole('treeitem', { name: '駅、付せん' });
  await row.tap();
  expect((await page.getByRole('region', { name: '一覧' }).boundingBox())!.width).toBeGreaterThan(350);
  await page.getByRole('button', { name: '付せん「駅」の操作' }).tap();
  await page.getByRole('menuitem', { name: 'ボードの上で見る' }).tap();
  await expect(page.getByRole('region', { name: '一覧' })).toHaveCount(0);
  await expect(page.locator('[data-board-canvas]')).toBeVisible();
});
