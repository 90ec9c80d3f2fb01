import AxeBuilder from '@axe-core/playwright';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';

// What must hold on every page: axe finds nothing, nothing runs out of a phone's width, no script complains.
const WIDTHS = [1440, 768, 390];
const LOOKS = [
  { locale: 'ja', theme: 'light' },
  { locale: 'en', theme: 'dark' },
] as const;

let house: House;
let person: Person;
let pages: string[];

test.beforeAll(async () => {
  house = await openHouse();
  const { id, officer } = await house.space();
  person = officer;
  const guest = await house.person('町野 さくら', { organisation: '益子町', post: '企画課' });
  await house.give(officer, guest, id, 'editor');
  const folder = await house.folder(officer, id, '会議');
  const doc = await house.doc(
    officer,
    id,
    '第1回 議事メモ',
    '## 決まったこと\n\n1. 添付をやめる\n\n- [x] 招く\n- [ ] 書く\n',
    folder,
  );
  const gone = await house.doc(officer, id, '古い案', '消す');
  const { trashItem } = await import('@engawa/domain');
  await trashItem(officer.ctx, { id: gone });
  pages = [
    '/',
    `/s/${id}`,
    `/s/${id}/folder/${folder}`,
    `/s/${id}/doc/${doc}`,
    `/s/${id}/members`,
    `/s/${id}/trash`,
    '/account',
    '/s/00000000-0000-7000-8000-000000000000',
  ];
});

test.afterAll(() => house.close());

for (const { locale, theme } of LOOKS) {
  test(`pages inside, ${locale} and ${theme}`, async ({ browser }) => {
    test.setTimeout(180_000);
    const context = await browserOf(browser, person, { reducedMotion: 'reduce' });
    await look(context, locale, theme);
    const page = await context.newPage();
    const complaints = listen(page);
    for (const path of pages) await inspect(page, path);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test(`pages before sign-in, ${locale} and ${theme}`, async ({ browser }) => {
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    await look(context, locale, theme);
    const page = await context.newPage();
    const complaints = listen(page);
    for (const path of ['/login', '/setup', '/reset', '/reset/wrong', '/invite/wrong', '/offline'])
      await inspect(page, path);
    expect(complaints).toEqual([]);
    await context.close();
  });
}

test('the keyboard alone reaches the work: skip link, rail, content', async ({ browser }) => {
  const context = await browserOf(browser, person);
  const page = await context.newPage();
  await page.goto(instance().origin + pages[1]!);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: '本文へ移動' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#content$/);
  await context.close();
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
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
      complaints.push(message.text());
  });
  return complaints;
}

async function inspect(page: Page, path: string): Promise<void> {
  await page.goto(instance().origin + path);
  await expect(page.locator('h1').first()).toBeVisible();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide, `${path} is ${wide} px too wide at ${width}`).toBeLessThanOrEqual(0);
  }
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const found = violations.map(
    (v) => `${path}: ${v.id} — ${v.nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  expect(found).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
}
