// `pnpm screenshots`: starts the program, fills it with the demo, and takes a picture of every page in both
// languages, light and dark, at three widths. The pictures lie in apps/web/test-results/screenshots; the README's
// own is kept beside the demo.
import { execFile } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type Page } from '@playwright/test';
import config from '../playwright.config.ts';
import { instance } from './instance.ts';
import startProgram from './program.ts';

const MAIN = new URL('../../engawa/src/main.ts', import.meta.url).pathname;
const OUT = new URL('../test-results/screenshots/', import.meta.url).pathname;
const README_PICTURE = new URL('../../engawa/demo/screenshot.png', import.meta.url).pathname;
const WIDTHS = [1440, 768, 390];
const LOOKS = ['ja', 'en'].flatMap((locale) => ['light', 'dark'].map((theme) => ({ locale, theme })));

interface Demo {
  password: string;
  space: string;
}

/** Signed-in people, so that the form is filled in once each. */
const sessions = new Map<string, Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>>();

const stop = await startProgram();
const browser = await chromium.launch(config.use?.launchOptions);
try {
  const demo = await fillDemo();
  const pages = await addresses(browser, demo);
  for (const look of LOOKS) await picture(browser, demo, pages, look);
  await copyFile(join(OUT, 'ja-light-1440-space.png'), README_PICTURE);
  console.log(`Pictures are in ${OUT}`);
} finally {
  await browser.close();
  await stop();
}

async function fillDemo(): Promise<Demo> {
  const { databaseUrl, key, origin, folder } = instance();
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    ENGAWA_KEY: key,
    ORIGIN: origin,
    ENGAWA_DATA: join(folder, 'data'),
    SMTP_URL: 'smtp://127.0.0.1:1',
  };
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'demo'], { env });
  const password = /password {2}(\S+)/.exec(stdout)?.[1];
  const space = /\/s\/(\S+)/.exec(stdout)?.[1];
  if (!password || !space) throw new Error(`The demo said something unexpected:\n${stdout}`);
  return { password, space };
}

/** Every page, by the name of its picture. The document and folder are whatever the tree begins with. */
async function addresses(of: Browser, { password, space }: Demo): Promise<Record<string, string>> {
  const page = await signedIn(of, 'kobayashi@pref.example.jp', password);
  await page.goto(`${instance().origin}/admin`);
  const organisation = new URL(page.url()).pathname;
  await page.context().close();
  const officer = await signedIn(of, 'watanabe@pref.example.jp', password);
  await officer.goto(`${instance().origin}/s/${space}`);
  const folder = await officer.locator('main a[href*="/folder/"]').first().getAttribute('href');
  const board = await officer.locator('main a[href*="/board/"]').first().getAttribute('href');
  await officer.goto(instance().origin + folder!);
  const file = await officer.locator('main a[href*="/file/"]').first().getAttribute('href');
  const doc = await officer.locator('main a[href*="/doc/"]').first().getAttribute('href');
  await officer.context().close();
  return {
    spaces: '/',
    space: `/s/${space}`,
    folder: folder!,
    doc: doc!,
    board: board!,
    file: file!,
    members: `/s/${space}/members`,
    trash: `/s/${space}/trash`,
    account: '/account',
    admin: organisation,
    'admin-groups': `${organisation}/groups`,
    'admin-new': `${organisation}/people/new`,
    'admin-organisations': '/admin/organisations',
    'admin-outbox': '/admin/outbox',
    missing: '/s/00000000-0000-7000-8000-000000000000',
    login: '/login',
    reset: '/reset',
    invite: '/invite/wrong',
    offline: '/offline',
  };
}

async function picture(
  of: Browser,
  demo: Demo,
  pages: Record<string, string>,
  { locale, theme }: { locale: string; theme: string },
): Promise<void> {
  await mkdir(OUT, { recursive: true });
  for (const [name, path] of Object.entries(pages)) {
    const email = name.startsWith('admin') ? 'kobayashi@pref.example.jp' : 'watanabe@pref.example.jp';
    const outside = ['login', 'reset', 'invite', 'offline'].includes(name);
    const page = outside ? await (await of.newContext()).newPage() : await signedIn(of, email, demo.password);
    const url = instance().origin;
    await page.context().addCookies([
      { name: 'engawa_locale', value: locale, url },
      { name: 'engawa_theme', value: theme, url },
    ]);
    await page.goto(url + path);
    await page.waitForTimeout(['doc', 'board', 'file'].includes(name) ? 2500 : 400);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
      await page.waitForTimeout(150);
      await page.screenshot({ path: join(OUT, `${locale}-${theme}-${width}-${name}.png`) });
    }
    await page.context().close();
  }
}

/** A page of its own for this person; signs in by the form the first time. */
async function signedIn(of: Browser, email: string, password: string): Promise<Page> {
  const known = sessions.get(email);
  const page = await (await of.newContext({ storageState: known, timezoneId: 'Asia/Tokyo' })).newPage();
  if (known) return page;
  await page.goto(`${instance().origin}/login`);
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.locator('form:has(input[type=password]) button[type=submit]').click();
  await page.waitForURL(`${instance().origin}/`);
  // Pictures show the place, not the tour of it.
  await page.getByRole('button', { name: /案内をすべて閉じる|No more introductions/ }).click();
  sessions.set(email, await page.context().storageState());
  return page;
}
