import type { Page } from '@playwright/test';
import { openHouse, openTwo, type House, type Person } from './house.ts';
import { expect, test } from './test.ts';

// The tree of a space: by keyboard, live for everyone who looks at it, and undone rather than confirmed.
let house: House;
let officer: Person;
let clerk: Person;
let space: string;
let one: Page;
let two: Page;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser }) => {
  house = await openHouse();
  ({ id: space, officer } = await house.space('樹のしけん'));
  clerk = await house.person('町野 さくら', { organisation: '益子町' });
  await house.give(officer, clerk, space, 'editor');
  await house.folder(officer, space, '会議');
  await house.doc(officer, space, '議事メモ', '本文');
  [one, two] = await openTwo(browser, officer, clerk, `/s/${space}`);
});
test.afterAll(async () => {
  await Promise.all([one.context().close(), two.context().close()]);
  await house.close();
});

const entry = (page: Page, name: string | RegExp) => page.getByRole('treeitem', { name }).first();

test('both see each other, by name and organisation', async () => {
  await expect(one.getByLabel(/町野 さくら/).first()).toBeVisible();
});

test('renamed by keyboard in one browser, seen in the other', async () => {
  await entry(one, '議事メモ').focus();
  await one.keyboard.press('F2');
  await one.keyboard.press('ControlOrMeta+A');
  await one.keyboard.type('第1回 議事メモ');
  await one.keyboard.press('Enter');
  await expect(entry(two, '第1回 議事メモ')).toBeVisible();
});

test('moved by a dialog without a pointer, and moved back by undo', async () => {
  await entry(one, '第1回 議事メモ').focus();
  await one.keyboard.press('Shift+F10');
  await one.getByRole('menuitem', { name: /移動/ }).press('Enter');
  const dialog = one.getByRole('dialog');
  await dialog.getByText('会議').click();
  await dialog.getByRole('button', { name: 'ここへ移動' }).click();
  await expect(entry(two, '会議')).toHaveAttribute('aria-expanded', /true|false/);
  await expect(entry(two, '第1回 議事メモ')).toHaveCount(0);
  await one.getByRole('button', { name: '元に戻す' }).click();
  await expect(entry(two, '第1回 議事メモ')).toBeVisible();
});

test('thrown away by keyboard, gone for both, and back by undo', async () => {
  await entry(one, '第1回 議事メモ').focus();
  await one.keyboard.press('Delete');
  await expect(entry(two, '第1回 議事メモ')).toHaveCount(0);
  await one.getByRole('button', { name: '元に戻す' }).last().click();
  await expect(entry(two, '第1回 議事メモ')).toBeVisible();
});

test('the trash gives back what somebody threw away', async () => {
  await entry(two, '第1回 議事メモ').focus();
  await two.keyboard.press('Delete');
  await expect(entry(two, '第1回 議事メモ')).toHaveCount(0);
  await one.getByRole('link', { name: 'ごみ箱' }).first().click();
  const trash = one.getByRole('list', { name: 'ごみ箱' });
  await expect(trash.getByText('第1回 議事メモ')).toBeVisible();
  await trash
    .getByRole('button', { name: /元に戻す/ })
    .first()
    .click();
  await expect(entry(two, '第1回 議事メモ')).toBeVisible();
});
