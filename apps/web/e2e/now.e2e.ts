import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { ROLES } from '@engawa/access';
import { newId } from '@engawa/schema';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect, test } from './test.ts';
import { saved, typeAtEnd } from './writing.ts';

// The administrators' page of numbers: who may see it, that it lives, and that it stands still when told to.
let house: House;
let administrator: Person;

test.beforeAll(async () => {
  house = await openHouse();
  administrator = await house.person('管理 花代');
  await house.sql`
    insert into grants (id, principal_kind, principal_id, object_id, mask, granted_by)
    select ${newId()}, 'person', ${administrator.id}, id, ${ROLES.manager}, ${administrator.id}
    from organisations where host`;
  // Other tests start nodes and kill them: what lives writes its row again within seconds.
  await house.sql`delete from nodes`;
  await expect
    .poll(async () => (await house.sql`select distinct unnest(roles) from nodes`).length, { timeout: 30_000 })
    .toBe(3);
});
test.afterAll(() => house.close());

async function open(browser: Browser, person: Person, path: string, options = {}): Promise<Page> {
  const context = await browserOf(browser, person, options);
  const page = await context.newPage();
  await page.goto(instance().origin + path);
  return page;
}

const figure = (page: Page, name: string) =>
  page.locator('dl', { has: page.getByText(name, { exact: true }) }).locator('.big');

test('it shows what happens, without being asked again', async ({ browser }) => {
  const page = await open(browser, administrator, '/admin/organisations');
  await page.getByRole('link', { name: '稼働状況' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '稼働状況' })).toBeVisible();
  await expect(page.getByRole('status').getByText('すべて動いています')).toBeVisible({ timeout: 45_000 });

  const { id, officer } = await house.space();
  const doc = await house.doc(officer, id, '議事メモ');
  const writing = await open(browser, officer, `/s/${id}/doc/${doc}`);
  await typeAtEnd(writing, '保存');
  await saved(writing);
  await expect
    .poll(async () => Number(await figure(page, '開いている文書').textContent()), { timeout: 40_000 })
    .toBeGreaterThan(0);
  await expect(page.getByText('半分は、これより速い')).toBeVisible({ timeout: 30_000 });

  await page.getByRole('button', { name: '更新を止める' }).click();
  await expect(page.getByText('更新を止めています')).toBeVisible();
  await page.getByRole('button', { name: '更新を再開する' }).click();
  await expect(page.getByText('5秒ごとに新しくなります')).toBeVisible();
});

test('when no new numbers come, the last ones stay and say so', async ({ browser }) => {
  const page = await open(browser, administrator, '/admin/now');
  const stop = page.getByRole('button', { name: '更新を止める' });
  await expect(stop).toBeVisible();
  await page.route('**/_app/remote/**', (route) => route.abort());
  await expect(page.getByText(/新しい数を受け取れません/)).toBeVisible({ timeout: 30_000 });
  await expect(figure(page, '接続')).toBeVisible();
  await page.unroute('**/_app/remote/**');
  await expect(page.getByText(/新しい数を受け取れません/)).toBeHidden({ timeout: 30_000 });
});

test('a process that went silent is named, and the rest is still counted', async ({ browser }) => {
  const id = newId();
  await house.sql`
    insert into nodes (id, roles, host, version, began_at, seen_at, figures)
    values (${id}, '{sync}', 'kura-2', '0.1.0', now() - interval '2 hours', now() - interval '2 minutes',
      ${house.sql.json({ memory: 2e8, processor: 0.2 })})`;
  const page = await open(browser, administrator, '/admin/now');
  await expect(page.getByRole('status').getByText('1個のプロセスから報告が途絶えています')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'kura-2' })).toContainText('2分前');
  await house.sql`delete from nodes where id = ${id}`;
});

test('without script it is a snapshot', async ({ browser }) => {
  const page = await open(browser, administrator, '/admin/now', { javaScriptEnabled: false });
  await expect(async () => {
    await page.reload();
    await expect(page.getByText('すべて動いています')).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await expect(figure(page, '接続')).toBeVisible();
  await expect(page.getByRole('button', { name: '更新を止める' })).toHaveCount(0);
  await expect(page.getByText('5秒ごとに新しくなります')).toHaveCount(0);
});

test('to others there is no such page', async ({ browser }) => {
  const { officer } = await house.space();
  const page = await open(browser, officer, '/admin/now');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText('データベース')).toHaveCount(0);
  await expect(page.getByRole('link', { name: '稼働状況' })).toHaveCount(0);
});

for (const [locale, theme, width] of [
  ['ja', 'light', 1440],
  ['en', 'dark', 768],
  ['ja', 'dark', 390],
] as const) {
  test(`nothing is wrong with it in ${locale}, ${theme}, ${width} px wide`, async ({ browser }) => {
    const page = await open(browser, administrator, '/account', {
      viewport: { width, height: 900 },
      reducedMotion: 'reduce',
    });
    await page.context().addCookies([
      { name: 'engawa_locale', value: locale, url: instance().origin },
      { name: 'engawa_theme', value: theme, url: instance().origin },
    ]);
    await page.goto(`${instance().origin}/admin/now`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
  });
}
