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
import { furnish, SCENES } from './screenshot-scenes.ts';

const MAIN = new URL('../../engawa/src/main.ts', import.meta.url).pathname;
const OUT = new URL('../test-results/screenshots/', import.meta.url).pathname;
const README_PICTURE = new URL('../../engawa/demo/screenshot.png', import.meta.url).pathname;
const WIDTHS = [1440, 768, 390];
const LOOKS = ['ja', 'en'].flatMap((locale) => ['light', 'dark'].map((theme) => ({ locale, theme })));

/** `pnpm screenshots 'ja-light-(space|over-.*)$'` takes those alone. */
const WANTED = new RegExp(process.argv[2] ?? '');

interface Demo {
  password: string;
  space: string;
}

interface Shot {
  name: string;
  path: string;
  /** Whose session it is; otherwise an officer of the demo, its administrator or nobody, by the name. */
  token?: string;
  play?: (page: Page, place: string) => Promise<void>;
}

/** Signed-in people, so that the form is filled in once each. */
const sessions = new Map<string, Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>>();

const stop = await startProgram();
const browser = await chromium.launch(config.use?.launchOptions);
try {
  const demo = await fillDemo();
  const { pages: more, newcomers } = await furnish();
  const pages = { ...(await addresses(browser, demo)), ...more };
  await mkdir(OUT, { recursive: true });
  for (const look of LOOKS) {
    const shots = [
      ...Object.entries(pages).map(([name, path]) => ({ name, path })),
      ...Object.entries(newcomers).map(([name, newcomer]) => ({ name, ...newcomer })),
      ...Object.entries(SCENES).map(([name, { from, play }]) => ({ name, path: pages[from]!, play })),
    ];
    for (const shot of shots) {
      if (WANTED.test(`${look.locale}-${look.theme}-${shot.name}`)) await picture(browser, demo, shot, look);
    }
  }
  const space = join(OUT, 'ja-light-1440-space.png');
  if (WANTED.test('ja-light-space')) await copyFile(space, README_PICTURE);
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
    'admin-now': '/admin/now',
    missing: '/s/00000000-0000-7000-8000-000000000000',
    'missing-item': `/s/${space}/doc/00000000-0000-7000-8000-000000000000`,
    login: '/login',
    reset: '/reset',
    invite: '/invite/wrong',
    offline: '/offline',
  };
}

async function picture(
  of: Browser,
  demo: Demo,
  shot: Shot,
  { locale, theme }: { locale: string; theme: string },
): Promise<void> {
  const { name, path, play } = shot;
  const url = instance().origin;
  const page = await pageFor(of, demo, shot);
  await page.context().addCookies([
    { name: 'engawa_locale', value: locale, url },
    { name: 'engawa_theme', value: theme, url },
  ]);
  await page.goto(url + path);
  await page.waitForTimeout(['doc', 'board', 'file'].includes(name) ? 2500 : play ? 1500 : 400);
  // A picture that cannot be taken is told of and leaves the others to come.
  await play?.(page, `/s/${demo.space}`).catch((error: unknown) =>
    console.error(`${name}: ${String(error)}`),
  );
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
    await page.waitForTimeout(150);
    await page.screenshot({ path: join(OUT, `${locale}-${theme}-${width}-${name}.png`) });
  }
  await page.context().close();
}

async function pageFor(of: Browser, { password }: Demo, { name, token }: Shot): Promise<Page> {
  const outside = ['login', 'reset', 'invite', 'offline'].includes(name);
  if (!outside && !token) {
    const email = name.startsWith('admin') ? 'kobayashi@pref.example.jp' : 'watanabe@pref.example.jp';
    return signedIn(of, email, password);
  }
  const context = await of.newContext({ timezoneId: 'Asia/Tokyo' });
  const { origin: url } = instance();
  if (token) await context.addCookies([{ name: 'engawa_session', value: token, url, httpOnly: true }]);
  return context.newPage();
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
