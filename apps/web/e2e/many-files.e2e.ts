import type { Page } from '@playwright/test';
import { newId } from '@engawa/schema';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect, test } from './test.ts';

// A folder of ten thousand files is a folder: it opens, its beginning is there at once, and its end can be reached.
const MANY = 9_990;
const SHOWN = 100;

let house: House;
let officer: Person;
let space: string;
let folder: string;

test.beforeAll(async () => {
  house = await openHouse();
  ({ id: space, officer } = await house.space('照会の回答'));
  folder = await house.folder(officer, space, '回答');
  await fill();
});
test.afterAll(() => house.close());

/** Straight into the database: one by one through the door they would take minutes. */
async function fill(): Promise<void> {
  const { sql } = house;
  const [row] = await sql<{ path: string[] }[]>`select access_path as path from items where id = ${folder}`;
  for (let at = 0; at < MANY; at += 1_000) {
    const items = Array.from({ length: Math.min(1_000, MANY - at) }, (_, index) => {
      const id = newId();
      const title = `回答 第${at + index + 1}号.pdf`;
      const sort_key = `d${String(at + index).padStart(4, '0')}`;
      const place = { id, space_id: space, parent_id: folder, kind: 'file', title, sort_key };
      return { ...place, access_path: [id, ...row!.path], created_by: officer.id, updated_by: officer.id };
    });
    await sql`insert into items ${sql(items)}`;
  }
}

const rows = (page: Page) => page.locator('main li[data-id]');

test('ten thousand files in one folder: the list, the tree, and the way on by keyboard', async ({
  browser,
}) => {
  const context = await browserOf(browser, officer);
  const page = await context.newPage();
  await page.goto(`${instance().origin}/s/${space}/folder/${folder}`);
  await expect(rows(page)).toHaveCount(SHOWN, { timeout: 60_000 });
  const next = page.getByRole('button', { name: `続きを表示（あと${MANY - SHOWN}件）` });
  // A press before the page has woken up does nothing.
  await expect(async () => {
    await next.focus({ timeout: 1_000 });
    await page.keyboard.press('Enter');
    await expect(page.getByRole('link', { name: `回答 第${SHOWN + 1}号.pdf` })).toBeFocused({
      timeout: 5_000,
    });
  }).toPass({ timeout: 60_000 });
  await page.getByRole('treeitem', { name: '回答' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('treeitem', { name: 'ほか 9790件' })).toBeVisible();
  expect(await page.getByRole('treeitem').count()).toBeLessThan(250);
});
