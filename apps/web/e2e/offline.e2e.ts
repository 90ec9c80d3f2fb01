import type { Browser, BrowserContext, Page } from '@playwright/test';
import { copies } from './copies.ts';
import { ADMINISTRATOR, browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect, test } from './test.ts';

// Installing the worker fetches the whole app: minutes where many things run at once.
test.describe.configure({ timeout: 240_000 });

let house: House;
test.beforeAll(async () => void (house = await openHouse()));
test.afterAll(() => house.close());

interface Place {
  officer: Person;
  space: string;
  doc: string;
}

async function place(): Promise<Place> {
  const { id, officer } = await house.space();
  const doc = await house.doc(officer, id, '第1回 議事メモ', '## 決まったこと\n\n添付をやめる。');
  return { officer, space: id, doc };
}

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(instance().origin + path);
  return page;
}

/** A guest with a document before them, whose access can be taken back. */
async function visit(browser: Browser, role: 'editor' | 'viewer') {
  const { officer, space, doc } = await place();
  const guest = await house.person('町野 さくら', { organisation: '益子町' });
  const grantId = await house.give(officer, guest, space, role);
  const context = await browserOf(browser, guest);
  const path = `/s/${space}/doc/${doc}`;
  const page = await open(context, path);
  const { revokeGrant } = await import('@engawa/domain');
  return { guest, context, path, page, revoke: () => revokeGrant(officer.ctx, { grantId }) };
}

/** Paths of the pages that this browser keeps, whoever they belong to. */
async function kept(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith('engawa-kept:'));
    const caught = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return caught.flat().map(({ url }) => new URL(url).pathname);
  });
}

/** Installing fetches the whole app, while other tests' programs may be at work on the same machine. */
async function read(page: Page, path: string): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => kept(page), { timeout: 45_000 }).toContain(path);
}

test('what was read opens without a connection, and says from when it is; the rest says that it was not read', async ({
  browser,
}) => {
  const { officer, space, doc } = await place();
  const unread = await house.doc(officer, space, '読んでいない', 'ひみつ');
  const context = await browserOf(browser, officer);
  const path = `/s/${space}/doc/${doc}`;
  const page = await open(context, path);
  await read(page, path);

  await context.setOffline(true);
  await page.reload();
  await expect(page.getByText(/^オフラインです。最後に読んだ内容を表示しています（.+）。$/)).toBeVisible();
  await expect(page.getByText('添付をやめる。')).toBeVisible();
  await expect(
    page.getByRole('navigation', { name: '今いる場所' }).getByText('第1回 議事メモ'),
  ).toBeVisible();

  await page.goto(`${instance().origin}/s/${space}/doc/${unread}`);
  await expect(page.getByRole('heading', { name: 'このページはまだ読んでいません' })).toBeVisible();
  await expect(page.getByText('ひみつ')).toHaveCount(0);
  await page.getByRole('link', { name: /第1回 議事メモ/ }).click();
  await expect(page.getByText('添付をやめる。')).toBeVisible();

  await page.goto(`${instance().origin}/s/${space}/doc/${unread}`);
  await expect(page.getByRole('heading', { name: 'このページはまだ読んでいません' })).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText('ひみつ')).toBeVisible({ timeout: 30_000 });
});

test('what is written without a connection stays on the device, is sent later, and signing out asks before', async ({
  browser,
}) => {
  const { officer, space, doc } = await place();
  const context = await browserOf(browser, officer);
  const path = `/s/${space}/doc/${doc}`;
  const page = await open(context, path);
  const text = page.getByRole('textbox', { name: '第1回 議事メモ' });
  await expect(text).toBeVisible();
  await read(page, path);
  await context.setOffline(true);
  await page.reload();
  await text.getByText('添付をやめる。').click();
  await page.keyboard.press('End');
  await page.keyboard.insertText('駅で書いた。');
  await expect(text.getByText('添付をやめる。駅で書いた。')).toBeVisible();
  await page.reload();
  await expect(text.getByText('添付をやめる。駅で書いた。')).toBeVisible();

  const unsent = () => page.evaluate(async () => (await (await caches.open('engawa-unsent')).keys()).length);
  await text.getByText('添付をやめる。').click();
  await page.keyboard.press('End');
  await page.keyboard.insertText('橋でも。');
  await expect.poll(unsent).toBe(1);
  await page.getByRole('button', { name: `${officer.name} 栃木県` }).click();
  await page.getByRole('menuitem', { name: 'ログアウト' }).click();
  const dialog = page.getByRole('dialog', { name: 'サーバーに届いていない編集があります' });
  await dialog.getByRole('button', { name: 'やめる' }).click();

  await context.setOffline(false);
  await expect(page.locator('[data-saved=saved]')).toBeVisible({ timeout: 30_000 });
  await expect.poll(unsent).toBe(0);
  const { docHtml } = await import('@engawa/domain');
  const { html } = await docHtml(officer.ctx, { id: doc });
  expect(html).toContain('添付をやめる。駅で書いた。橋でも。');
});

test('signing out takes everything from the device', async ({ browser }) => {
  const { officer, space, doc } = await place();
  const context = await browserOf(browser, officer);
  const path = `/s/${space}/doc/${doc}`;
  const page = await open(context, path);
  await read(page, path);
  await expect.poll(() => copies(page)).toHaveLength(1);
  await page.getByRole('button', { name: `${officer.name} 栃木県` }).click();
  await page.getByRole('menuitem', { name: 'ログアウト' }).click();
  await expect(page).toHaveURL(/\/login$/);
  expect(await kept(page)).toEqual([]);
  await expect.poll(() => copies(page)).toEqual([]);

  await context.setOffline(true);
  await page.goto(instance().origin + path);
  await expect(page.getByRole('heading', { name: 'このページはまだ読んでいません' })).toBeVisible();
  await expect(page.getByText('議事メモ')).toHaveCount(0);
});

test('a session that was ended elsewhere leaves nothing that was read', async ({ browser }) => {
  const { officer, space, doc } = await place();
  const context = await browserOf(browser, officer);
  const path = `/s/${space}/doc/${doc}`;
  const page = await open(context, path);
  await read(page, path);
  await house.sql`delete from sessions where person_id = ${officer.id}`;
  await page.goto(`${instance().origin}/s/${space}`);
  await expect(page).toHaveURL(/\/login/);
  await expect.poll(() => kept(page)).toEqual([]);
});

test('the next person at this device finds nothing of the one before', async ({ browser }) => {
  const { officer, space, doc } = await place();
  const context = await browserOf(browser, officer);
  const path = `/s/${space}/doc/${doc}`;
  const page = await open(context, path);
  await read(page, path);
  const { token } = await house.person('次の人');
  await context.addCookies([
    { name: 'engawa_session', value: token, url: instance().origin, httpOnly: true },
  ]);
  await page.goto(instance().origin);
  await read(page, '/');
  expect(await kept(page)).toEqual(['/']);
  await context.setOffline(true);
  await page.goto(instance().origin + path);
  await expect(page.getByRole('heading', { name: 'このページはまだ読んでいません' })).toBeVisible();
});

test('a space may forbid the copies of guests: they get nothing, not even its name on other pages', async ({
  browser,
}) => {
  const { officer, space, doc } = await place();
  const guest = await house.person('町野 さくら', { organisation: '益子町' });
  await house.give(officer, guest, space, 'editor');
  const host = await browserOf(browser, officer);
  const settings = await open(host, `/s/${space}`);
  const edit = settings.getByRole('menuitem', { name: '名前と目的を変える' });
  // The menu opens once the page's script is there.
  await expect(async () => {
    // A press that came late may have opened it all the same: pressing again would not reach the button below it.
    if (!(await edit.isVisible()))
      await settings.getByRole('button', { name: /の操作$/ }).click({ timeout: 1_000 });
    await expect(edit).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await edit.click();
  await settings.getByLabel('ゲストの端末に、読んだ内容を残してよい').uncheck();
  await settings.getByRole('button', { name: '保存' }).click();
  await expect(settings.getByRole('dialog')).toHaveCount(0);
  await host.close();

  const context = await browserOf(browser, guest);
  const page = await open(context, `/s/${space}/doc/${doc}`);
  await expect(page.getByRole('textbox', { name: '第1回 議事メモ' })).toBeVisible();
  expect(await copies(page)).toEqual([]);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.goto(instance().origin);
  await read(page, '/');
  expect(await kept(page)).toEqual(['/']);
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByText(/^オフラインです。/)).toBeVisible();
  await expect(page.getByText('データ共有円滑化')).toHaveCount(0);
  await page.goto(`${instance().origin}/s/${space}/doc/${doc}`);
  await expect(page.getByRole('heading', { name: 'このページはまだ読んでいません' })).toBeVisible();
});

test('after access was taken back nothing is left, though the device was away meanwhile', async ({
  browser,
}) => {
  const { context, path, page, revoke } = await visit(browser, 'editor');
  await read(page, path);
  await page.goto('about:blank');
  await revoke();

  await page.goto(instance().origin);
  await expect.poll(() => kept(page)).not.toContain(path);
  await expect.poll(() => copies(page)).toEqual([]);
  await context.setOffline(true);
  await page.goto(instance().origin + path);
  await expect(page.getByRole('heading', { name: 'このページはまだ読んでいません' })).toBeVisible();
});

test('whose access was taken back is offered their own unsent words, and nothing else of the copy', async ({
  browser,
}) => {
  const { guest, context, page, revoke } = await visit(browser, 'editor');
  const text = page.getByRole('textbox', { name: '第1回 議事メモ' });
  await expect(text).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect(page.locator('[data-saved=saved]')).toBeVisible();
  await context.setOffline(true);
  await text.getByText('添付をやめる。').click();
  await page.keyboard.press('End');
  await page.keyboard.insertText('駅で書いた。');
  await expect
    .poll(() => page.evaluate(async () => (await (await caches.open('engawa-unsent')).keys()).length))
    .toBe(1);
  await page.goto('about:blank');
  await revoke();

  await context.setOffline(false);
  await page.goto(instance().origin);
  await expect(page.locator('[data-rescued] textarea')).toHaveValue('駅で書いた。', { timeout: 30_000 });
  await expect.poll(() => copies(page)).toEqual([]);
  // The next person at this device finds nothing of it.
  await page.getByRole('button', { name: `${guest.name} 益子町` }).click();
  await page.getByRole('menuitem', { name: 'ログアウト' }).click();
  await expect(page).toHaveURL(/\/login$/);
  await page.getByLabel('メールアドレス').fill(ADMINISTRATOR.email);
  await page.getByLabel('パスワード', { exact: true }).fill(ADMINISTRATOR.password);
  await page.getByRole('button', { name: 'ログイン', exact: true }).click();
  await expect(page.getByText(ADMINISTRATOR.name).first()).toBeVisible();
  await expect(page.locator('[data-rescued]')).toHaveCount(0);
});

test('access that ends before one’s eyes takes the kept pages along', async ({ browser }) => {
  const { path, page, revoke } = await visit(browser, 'viewer');
  await read(page, path);
  await revoke();
  await expect(page.locator('[data-access-ended], [data-doc-ended]').first()).toBeVisible();
  await expect.poll(() => kept(page)).toEqual([]);
});

test('it can be installed: a manifest that Chromium finds nothing missing in, and a worker for the whole app', async ({
  browser,
}) => {
  const { officer, space } = await place();
  const context = await browserOf(browser, officer);
  const page = await open(context, `/s/${space}`);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const client = await context.newCDPSession(page);
  const { errors } = await client.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
  // A private window installs nothing; that is all there is to say against it.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  const scope = await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
  expect(new URL(scope).pathname).toBe('/');
});
