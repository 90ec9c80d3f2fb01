import type { BrowserContext, Page, Route } from '@playwright/test';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect, test } from './test.ts';

// What a page shows while something is on its way, and when it does not arrive: in its place, in words, with a way on.

let house: House;
let officer: Person;
let space: string;
let folder: string;
let context: BrowserContext;
let page: Page;

test.beforeAll(async () => {
  house = await openHouse();
  ({ id: space, officer } = await house.space('待つときの様子'));
  folder = await house.folder(officer, space, '会議');
});
test.afterAll(() => house.close());
test.beforeEach(async ({ browser }) => {
  // Routes of a test see nothing of what a service worker asks.
  context = await browserOf(browser, officer, { serviceWorkers: 'block' });
  page = await context.newPage();
});

const bar = (): ReturnType<Page['locator']> => page.locator('.going');
const toast = (): ReturnType<Page['locator']> => page.getByRole('region', { name: 'お知らせ' });
const home = (): Promise<unknown> => page.goto(`${instance().origin}/s/${space}`);
const QUESTIONS = /__data\.json|\/_app\/remote\//;

/** Answers come only once the returned function is called. */
async function hold(pattern: RegExp): Promise<() => Promise<void>> {
  let release = (): void => {};
  const released = new Promise<void>((done) => (release = done));
  const handler = async (route: Route): Promise<void> => {
    await released;
    await route.continue().catch(() => {});
  };
  await page.route(pattern, handler);
  return async () => {
    release();
    await page.unroute(pattern, handler);
  };
}

/** Until the returned function is called, the server fails at these. */
async function fail(pattern: RegExp, status = 500): Promise<() => Promise<void>> {
  const handler = (route: Route): Promise<void> =>
    route.fulfill({ status, contentType: 'application/json', body: '{}' });
  await page.route(pattern, handler);
  return () => page.unroute(pattern, handler);
}

/** The page's script is there: before that, links load a whole page. */
async function awake(): Promise<void> {
  await expect(async () => {
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('combobox')).toHaveCount(0);
}

test('a page on its way: a bar, the page before it stays, and both end when it is there', async () => {
  await home();
  await awake();
  await expect(bar()).not.toHaveAttribute('data-on');
  const release = await hold(QUESTIONS);
  await page.locator('main').getByRole('link', { name: '会議', exact: true }).click();
  await expect(bar()).toHaveAttribute('data-on');
  await expect(bar()).toHaveCSS('opacity', '1');
  await expect(page.getByRole('heading', { name: '待つときの様子', level: 1 })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: '読み込んでいます' })).toBeAttached();
  await release();
  await expect(page.getByRole('heading', { name: '会議', level: 1 })).toBeVisible();
  await expect(bar()).not.toHaveAttribute('data-on');
});

test('one part that cannot be read says so there; asked again it comes, and the rest stood all the while', async () => {
  await page.goto(`${instance().origin}/`);
  await awake();
  const mend = await fail(/\/activity\?/);
  await page
    .getByRole('list', { name: '自分のスペース' })
    .getByRole('link', { name: '待つときの様子' })
    .click();
  const failed = page.locator('aside').getByRole('alert');
  await expect(failed).toContainText('ここだけ読み込めませんでした');
  await expect(page.getByRole('heading', { name: '待つときの様子', level: 1 })).toBeVisible();
  await expect(page.getByRole('treeitem', { name: '会議' })).toBeVisible();
  await failed.getByRole('button', { name: 'もう一度試す' }).click();
  await expect(toast()).toContainText('うまくいきませんでした');
  await expect(failed).toBeVisible();
  await mend();
  await failed.getByRole('button', { name: 'もう一度試す' }).click();
  await expect(page.getByRole('heading', { name: '最近の動き' })).toBeVisible();
  await expect(failed).toHaveCount(0);
});

test('a form whose answer never comes stays as it was typed, and says why', async ({ browser }) => {
  const guest = await (await browser.newContext({ serviceWorkers: 'block' })).newPage();
  await guest.goto(`${instance().origin}/login`);
  const email = guest.getByLabel('メールアドレス');
  const send = guest.getByRole('button', { name: 'ログイン', exact: true });
  const deed = /\/_app\/remote\/.*signIn/;
  await guest.route(deed, (route) => route.abort());
  await email.fill('nobody@example.jp');
  await guest.getByLabel('パスワード', { exact: true }).fill('まったく違う言葉です');
  await expect(async () => {
    // A form that is sent before the page has woken up goes the way without script.
    await send.click();
    await expect(guest.getByText('接続できません').first()).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expect(email).toHaveValue('nobody@example.jp');
  await expect(guest.getByLabel('パスワード', { exact: true })).toHaveValue('まったく違う言葉です');
  await guest.unroute(deed);
  await send.click();
  await expect(guest.getByRole('alert').first()).toBeVisible();
  await expect(email).toHaveValue('nobody@example.jp');
});

test('a name that could not be written down stays in its field, and is written by trying again', async () => {
  await page.goto(`${instance().origin}/s/${space}/folder/${folder}`);
  await awake();
  const mend = await fail(/\/renameItem/);
  await page
    .locator('header')
    .getByRole('button', { name: /の操作$/ })
    .click();
  await page.getByRole('menuitem', { name: '名前を変える' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('会議の記録');
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(toast()).toContainText('うまくいきませんでした');
  await expect(dialog.getByRole('textbox')).toHaveValue('会議の記録');
  await mend();
  await dialog.getByRole('button', { name: '保存' }).click();
  await expect(page.getByRole('heading', { name: '会議の記録', level: 1 })).toBeVisible();
  await expect(dialog).toHaveCount(0);
});

test('a document that could not be made is made by trying again, once', async () => {
  await home();
  await awake();
  const mend = await fail(/\/createItem/);
  await page.locator('main').getByRole('button', { name: '追加', exact: true }).click();
  await page.getByRole('menuitem', { name: '新しい文書' }).click();
  await expect(toast()).toContainText('うまくいきませんでした');
  await mend();
  await toast().getByRole('button', { name: 'もう一度試す' }).click();
  await expect(page.getByRole('textbox', { name: '文書の名前' })).toBeFocused();
  await expect(page.getByRole('treeitem', { name: '無題の文書' })).toHaveCount(1);
});

test('what is gone, shut or failed: each says what to do next, and leads back', async () => {
  const missing = '00000000-0000-7000-8000-000000000000';
  await page.goto(`${instance().origin}/s/${space}/doc/${missing}`);
  const main = page.getByRole('main');
  await expect(page.getByRole('heading', { name: '見つかりません' })).toBeAttached();
  await expect(main).toContainText('ごみ箱に入れられたか');
  await expect(main.getByRole('link', { name: 'ごみ箱を開く' })).toBeVisible();
  await main.getByRole('link', { name: '「待つときの様子」へ戻る' }).click();
  await expect(page.getByRole('heading', { name: '待つときの様子', level: 1 })).toBeVisible();

  await page.goto(`${instance().origin}/s/${missing}`);
  await expect(main).toContainText('あなたの参加が終わったようです');
  await expect(main.getByRole('link', { name: '自分のスペースへ' })).toBeVisible();

  await page.goto(`${instance().origin}/`);
  await awake();
  const mend = await fail(/\/spaceHome\?/);
  await page
    .getByRole('list', { name: '自分のスペース' })
    .getByRole('link', { name: '待つときの様子' })
    .click();
  await expect(page.getByRole('heading', { name: 'うまくいきませんでした' })).toBeAttached();
  await mend();
  await main.getByRole('link', { name: 'もう一度試す' }).click();
  await expect(page.getByRole('heading', { name: '待つときの様子', level: 1 })).toBeVisible();
});

test('who may only hand in finds their place at home', async ({ browser }) => {
  const author = await house.person('提出 する人', { organisation: '益子町' });
  const box = await house.folder(officer, space, '公募の箱');
  await house.give(officer, author, box, 'uploader');
  const theirs = await (await browserOf(browser, author)).newPage();
  await theirs.goto(`${instance().origin}/`);
  const places = theirs.getByRole('list', { name: '提出先' });
  await places.getByRole('link', { name: '公募の箱' }).click();
  await expect(theirs.getByRole('heading', { name: '「公募の箱」に提出', level: 1 })).toBeVisible();
});

test('a new board asks for its name first; Enter leads on to the board', async () => {
  await home();
  await awake();
  await page.locator('main').getByRole('button', { name: '追加', exact: true }).click();
  await page.getByRole('menuitem', { name: '新しいボード' }).click();
  const title = page.getByRole('textbox', { name: 'ボードの名前' });
  await expect(title).toBeFocused({ timeout: 60_000 });
  await page.keyboard.type('話し合いの板');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-board-canvas]')).toBeFocused();
  await expect(page.getByRole('treeitem', { name: '話し合いの板' })).toBeVisible();
});

test('people stand in ⌘K, and are shown among the members', async () => {
  const clerk = await house.person('真岡 すみれ', { organisation: '真岡市' });
  await house.sql`update people set kana = 'もおか すみれ' where id = ${clerk.id}`;
  await house.give(officer, clerk, space, 'viewer');
  await home();
  await awake();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('モオカ');
  const person = page.getByRole('group', { name: '人' }).getByRole('option');
  await expect(person).toHaveText([/真岡 すみれ\s*真岡市/]);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '参加者', level: 1 })).toBeVisible();
  const row = page.locator('main li[aria-current]');
  await expect(row).toContainText('真岡 すみれ');
  await expect(row).toBeInViewport();
});
