import AxeBuilder from '@axe-core/playwright';
import type { BrowserContext, Locator, Page } from '@playwright/test';
import { newBoard, ready } from './board-hands.ts';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect, test } from './test.ts';
import { pdf, png, putFile } from './vault-files.ts';

// What must hold on every page: axe finds nothing, nothing runs out of a phone's width, no script complains.
const WIDTHS = [1440, 768, 390];
const LOOKS = [
  { locale: 'ja', theme: 'light' },
  { locale: 'en', theme: 'dark' },
] as const;

let house: House;
let person: Person;
let guest: Person;
let space: string;
let box: string;
let pages: string[];

test.beforeAll(async () => {
  house = await openHouse();
  const { id, officer } = await house.space();
  person = officer;
  space = id;
  guest = await house.person('町野 さくら', { organisation: '益子町', post: '企画課' });
  await house.give(officer, guest, id, 'editor');
  const folder = await house.folder(officer, id, '会議');
  const doc = await house.doc(
    officer,
    id,
    '第1回 議事メモ',
    '## 決まったこと\n\n1. 添付をやめる\n\n- [x] 招く\n- [ ] 書く\n',
    folder,
  );
  const board = await newBoard(house, officer, id);
  const picture = await putFile(officer, {
    spaceId: id,
    parentId: folder,
    name: '現場.png',
    content: png(640, 480),
  });
  const plan = await putFile(officer, { spaceId: id, name: '計画.pdf', content: pdf(['Plan', 'Two']) });
  const table = await putFile(officer, { spaceId: id, name: '一覧.csv', content: '町,人口\n益子,21000\n' });
  box = await house.folder(officer, id, '公募の箱');
  const gone = await house.doc(officer, id, '古い案', '消す');
  const { trashItem } = await import('@engawa/domain');
  await trashItem(officer.ctx, { id: gone });
  pages = [
    '/',
    `/s/${id}`,
    `/s/${id}/folder/${folder}`,
    `/s/${id}/doc/${doc}`,
    `/s/${id}/board/${board.id}`,
    `/s/${id}/file/${picture}`,
    `/s/${id}/file/${plan}`,
    `/s/${id}/file/${table}`,
    `/s/${id}/members`,
    `/s/${id}/members?person=${guest.id}`,
    `/s/${id}/trash`,
    '/account',
    '/s/00000000-0000-7000-8000-000000000000',
    `/s/${id}/doc/00000000-0000-7000-8000-000000000000`,
    '/nowhere',
  ];
});

test.afterAll(() => house.close());

for (const { locale, theme } of LOOKS) {
  test(`pages inside, ${locale} and ${theme}`, async ({ browser }) => {
    test.setTimeout(300_000);
    const context = await browserOf(browser, person, { reducedMotion: 'reduce' });
    await look(context, locale, theme);
    const page = await context.newPage();
    const complaints = listen(page);
    for (const path of pages) await inspect(page, path);
    expect(complaints).toEqual([]);
  });

  test(`pages before sign-in, ${locale} and ${theme}`, async ({ browser }) => {
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    await look(context, locale, theme);
    const page = await context.newPage();
    const complaints = listen(page);
    for (const path of ['/login', '/setup', '/reset', '/reset/wrong', '/invite/wrong', '/offline'])
      await inspect(page, path);
    expect(complaints).toEqual([]);
  });
}

/** Opens it by one press, which counts once the page's script is there. */
async function opens(press: () => Promise<unknown>, shown: Locator): Promise<void> {
  await expect(async () => {
    if (!(await shown.isVisible())) await press();
    await expect(shown).toBeVisible({ timeout: 2_000 });
  }).toPass();
}

for (const { locale, theme } of LOOKS) {
  test(`what opens over a page, ${locale} and ${theme}`, async ({ browser }) => {
    test.setTimeout(300_000);
    const context = await browserOf(browser, person, { reducedMotion: 'reduce' });
    await look(context, locale, theme);
    const page = await context.newPage();
    const complaints = listen(page);
    const menu = page.locator('header').getByRole('button', { name: /の操作$|^Actions/ });
    const dialog = page.getByRole('dialog');
    const close = async (): Promise<void> => {
      await page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
    };
    await page.goto(`${instance().origin}/s/${space}`);
    const line = page.getByRole('menuitem').first();
    await opens(
      () =>
        page
          .locator('main')
          .getByRole('button', { name: /^(追加|Add)$/ })
          .click(),
      line,
    );
    await check(page, 'the menu of what to add');
    await page.keyboard.press('Escape');

    // A file on its way to the panel, and the same again: which of the two is to stay?
    const files = page.locator('main input[type=file]').first();
    const file = { name: `手順書 ${locale}.txt`, mimeType: 'text/plain', buffer: Buffer.from('1. 開く') };
    const panel = page.getByRole('region', { name: /^(アップロード|Uploads)$/ });
    await files.setInputFiles(file);
    await expect(panel.getByText(/アップロードが終わりました|^Uploaded$/)).toBeVisible({
      timeout: 30_000,
    });
    await check(page, 'the panel of uploads');
    await files.setInputFiles(file);
    await expect(dialog).toBeVisible();
    await check(page, 'the question of two names');
    await close();

    const second = await (await browserOf(browser, guest)).newPage();
    await second.goto(`${instance().origin}/s/${space}`);
    await expect(page.getByRole('button', { name: /町野 さくら/ })).toBeVisible({ timeout: 30_000 });
    await check(page, 'two people here');
    await second.context().close();

    await opens(() => page.keyboard.press('Control+k'), page.getByRole('combobox'));
    await page.getByRole('combobox').fill('町野');
    await expect(page.getByRole('option', { name: /町野/ })).toBeVisible();
    await check(page, '⌘K with results');
    await page.getByRole('combobox').fill('どこにもない名前');
    await expect(dialog.getByRole('status').filter({ hasText: /見つかりません|Nothing/ })).toBeVisible();
    await check(page, '⌘K without');
    await close();

    await page.locator('main').getByRole('link', { name: '会議', exact: true }).click();
    await expect(page.getByRole('heading', { name: '会議', level: 1 })).toBeVisible();
    for (const [name, entry] of Object.entries(DIALOGS)) {
      await menu.click();
      await page.getByRole('menuitem', { name: entry }).click();
      await expect(dialog).toBeVisible();
      await expect(dialog.locator('.skeleton')).toHaveCount(0);
      await check(page, name);
      await close();
    }
    expect(complaints).toEqual([]);
  });
}

const DIALOGS = {
  'the dialog to share': /^(共有|Share)$/,
  'the dialog to move': /^(移動|Move)$/,
  'the dialog to rename': /^(名前を変える|Rename)$/,
};

test('who may only hand in: their place, and what it shows', async ({ browser }) => {
  const author = await house.person('提出 する人', { organisation: '益子町' });
  await house.give(person, author, box, 'uploader');
  const context = await browserOf(browser, author, { reducedMotion: 'reduce' });
  const page = await context.newPage();
  for (const path of ['/', `/hand-in/${box}`]) await inspect(page, path);
});

test('the keyboard alone reaches the work: skip link, rail, content', async ({ browser }) => {
  const context = await browserOf(browser, person);
  const page = await context.newPage();
  await page.goto(instance().origin + pages[1]!);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: '本文へ移動' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#content$/);
});

async function look(context: BrowserContext, locale: string, theme: string): Promise<void> {
  const { origin } = instance();
  await context.addCookies([
    { name: 'engawa_locale', value: locale, url: origin },
    { name: 'engawa_theme', value: theme, url: origin },
  ]);
}

/** Errors of scripts, and what the content security policy refused. A page that is missing answers 404 on purpose. */
function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
      complaints.push(`${page.url()}: ${message.text()}`);
  });
  return complaints;
}

async function inspect(page: Page, path: string): Promise<void> {
  await page.goto(instance().origin + path);
  await expect(page.locator('h1').first()).toBeVisible();
  if (path.includes('/board/')) await ready(page);
  await check(page, path);
}

/** Three widths in which nothing runs out of the page, and axe, with the one rule that it does not count in by itself. */
async function check(page: Page, what: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide, `${what} is ${wide} px too wide at ${width}`).toBeLessThanOrEqual(0);
  }
  const { violations } = await new AxeBuilder({ page })
    .options({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      rules: { 'label-content-name-mismatch': { enabled: true } },
    })
    .analyze();
  const found = violations.map(
    (v) => `${what}: ${v.id} — ${v.nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  expect(found).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
}
