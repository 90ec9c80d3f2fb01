import AxeBuilder from '@axe-core/playwright';
import type { Page, WebSocketRoute } from '@playwright/test';
import { copies } from './copies.ts';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect, test } from './test.ts';
import { editorOf, saved, textOf } from './writing.ts';

let house: House;
let officer: Person;
let clerk: Person;
let space: string;
let clerkGrant: string;

test.beforeAll(async () => {
  house = await openHouse();
  ({ id: space, officer } = await house.space('文書のしけん'));
  clerk = await house.person('町役場 次郎', { organisation: '益子町' });
  clerkGrant = await house.give(officer, clerk, space, 'editor');
});
test.afterAll(() => house.close());

/** A document and its address. */
async function newDoc(markdown: string, title = '会議の記録'): Promise<string> {
  return `${instance().origin}/s/${space}/doc/${await house.doc(officer, space, title, markdown)}`;
}

/** The road between a page and the live channel, which can be cut and opened. */
class Road {
  open = true;
  private routes: WebSocketRoute[] = [];

  static async under(page: Page, open = true): Promise<Road> {
    const road = new Road();
    road.open = open;
    await page.routeWebSocket(/\/sync\//, (route) => {
      if (!road.open) return void route.close({ code: 3000 });
      road.routes.push(route);
      route.connectToServer();
    });
    return road;
  }

  /** Ends what is open, with a close code of the server's when one is given. */
  async cut(code = 3000): Promise<void> {
    this.open = false;
    const { routes } = this;
    this.routes = [];
    for (const route of routes) await route.close({ code });
  }
}

async function pageOf(browser: Parameters<typeof browserOf>[0], person: Person): Promise<Page> {
  return (await browserOf(browser, person)).newPage();
}

/** A page that is open for writing and saved, and the road that it is connected by. */
async function writingPage(
  browser: Parameters<typeof browserOf>[0],
  person: Person,
  address: string,
): Promise<{ page: Page; road: Road }> {
  const page = await pageOf(browser, person);
  const road = await Road.under(page);
  await page.goto(address);
  await expect(editorOf(page)).toBeVisible();
  await saved(page);
  return { page, road };
}

async function typeAt(page: Page, paragraph: number, text: string): Promise<void> {
  await editorOf(page).locator('p').nth(paragraph).click();
  await page.keyboard.press('End');
  await page.keyboard.type(text);
}

test('with WebSockets blocked the page is readable and says why, and opens when they do', async ({
  browser,
}) => {
  const page = await pageOf(browser, officer);
  const road = await Road.under(page, false);
  await page.goto(await newDoc('# 目的\n\n縁側で書く。'));
  await expect(page.locator('.document')).toContainText('縁側で書く。');
  await expect(page.getByText(/WebSocket）が止められている/)).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('[data-saved]')).toHaveAttribute('data-saved', 'blocked');
  await expect(editorOf(page)).toHaveCount(0);
  road.open = true;
  await expect(editorOf(page)).toContainText('縁側で書く。', { timeout: 30_000 });
  await saved(page);
});

test('typed while cut off: 未保存, kept over a reload, and saved when the road is open again', async ({
  browser,
}) => {
  const address = await newDoc('はじめの文。');
  const { page, road } = await writingPage(browser, clerk, address);
  await road.cut();
  await typeAt(page, 0, '圏外で書いた。');
  await expect(page.locator('[data-saved]')).toHaveAttribute('data-saved', 'offline');
  await expect(page.getByText(/編集はこの端末に残っています/).first()).toBeVisible();
  // The browser is closed and comes back on another day.
  await page.waitForTimeout(500);
  await page.reload();
  road.open = true;
  await expect(editorOf(page)).toContainText('はじめの文。圏外で書いた。', { timeout: 30_000 });
  await saved(page);
  const other = await pageOf(browser, officer);
  await other.goto(address);
  await expect(editorOf(other)).toContainText('はじめの文。圏外で書いた。');
});

test('the copy in the browser goes under an open page: what is typed is sent all the same', async ({
  browser,
}) => {
  const address = await newDoc('はじめの文。');
  const { page, road } = await writingPage(browser, clerk, address);
  // As another tab does that signs out, and the browser itself when it is short of room.
  const names = await copies(page);
  expect(names).toHaveLength(1);
  await page.evaluate((name) => void indexedDB.deleteDatabase(name!), names[0]);
  await typeAt(page, 0, 'そのあとの文。');
  const other = await pageOf(browser, officer);
  await other.goto(address);
  await expect(editorOf(other)).toContainText('はじめの文。そのあとの文。');
  await saved(page);
  await typeAt(other, 0, '返事。');
  await expect(editorOf(page)).toContainText('そのあとの文。返事。');

  await road.cut();
  await expect(page.getByText(/このページを開いている間だけ残ります/).first()).toBeVisible();
  await typeAt(page, 0, '圏外の文。');
  road.open = true;
  await expect(editorOf(other)).toContainText('圏外の文。', { timeout: 30_000 });
});

test('the network comes back while a new socket hangs that takes long to close: the page connects all the same', async ({
  browser,
}) => {
  const { page, road } = await writingPage(browser, clerk, await newDoc('はじめの文。'));
  await road.cut();
  const hung: WebSocketRoute[] = [];
  let closing = false;
  await page.routeWebSocket(/\/sync\//, (route) => {
    if (road.open) return void route.connectToServer();
    hung.push(route);
    // Until it is closed from this side, the page's socket is only on its way to be.
    route.onClose(() => (closing = true));
  });
  await expect.poll(() => hung.length, { timeout: 30_000 }).toBeGreaterThan(0);
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect.poll(() => closing).toBe(true);
  // Longer than the pause before it connects.
  await page.waitForTimeout(2_000);
  road.open = true;
  for (const route of hung) await route.close({ code: 3000 });
  await saved(page, 30_000);
  await typeAt(page, 0, '届く文。');
  await saved(page);
});

test('a refused document is made anew, and the person keeps what was not saved', async ({ browser }) => {
  const { page, road } = await writingPage(browser, clerk, await newDoc('ほかの人の文。'));
  await road.cut();
  await typeAt(page, 0, '自分の文。');
  road.open = true;
  await page.waitForTimeout(100);
  await road.cut(4422);
  road.open = true;
  const rescued = page.locator('[data-rescued]');
  // Whether it arrived before the refusal or not: it is in the document or in the person's hands.
  await expect
    .poll(
      async () =>
        (await textOf(page).catch(() => '')) +
        (await rescued
          .locator('textarea')
          .inputValue()
          .catch(() => '')),
      {
        timeout: 30_000,
      },
    )
    .toContain('自分の文。');
  await expect(editorOf(page)).toContainText('ほかの人の文。', { timeout: 30_000 });
});

test('what a document has no room for stays in hand, and the page says why', async ({ browser }) => {
  const page = await pageOf(browser, clerk);
  const routes: WebSocketRoute[] = [];
  let deaf = false;
  await page.routeWebSocket(/\/sync\//, (route) => {
    const server = route.connectToServer();
    route.onMessage((message) => deaf || server.send(message));
    routes.push(route);
  });
  await page.goto(await newDoc('長い文。'));
  await expect(editorOf(page)).toBeVisible();
  await saved(page);
  deaf = true;
  await typeAt(page, 0, '自分の文。');
  await expect(page.locator('[data-saved]')).toHaveAttribute('data-saved', 'saving');
  deaf = false;
  await routes.at(-1)!.close({ code: 4507 });
  const told = page.locator('[data-rescued]');
  await expect(told.getByRole('heading')).toHaveText(/大きくなりすぎた/);
  await expect(told.locator('textarea')).toHaveValue('自分の文。');
  await expect(editorOf(page)).toHaveText('長い文。', { timeout: 30_000 });
  await told.getByRole('button', { name: '捨てる' }).click();
  await expect(told).toHaveCount(0);
});

test('access ends while cut off: the content goes, one’s own unsent text stays in hand', async ({
  browser,
}) => {
  const guest = await house.person('来訪 花子', { organisation: '益子町' });
  const grant = await house.give(officer, guest, space, 'editor');
  const { page, road } = await writingPage(browser, guest, await newDoc('秘密の文。'));
  await road.cut();
  await typeAt(page, 0, '花子の提案。');
  await expect(page.locator('[data-saved]')).toHaveAttribute('data-saved', 'offline');
  const { revokeGrant } = await import('@engawa/domain');
  await revokeGrant(officer.ctx, { grantId: grant });
  const kept = page.locator('[data-rescued] textarea');
  await expect(kept).toHaveValue('花子の提案。', { timeout: 10_000 });
  await expect(page.getByText('秘密の文。')).toHaveCount(0);
  await expect.poll(() => copies(page)).toEqual([]);
});

test('a reader reads: no tools, no caret, links that open', async ({ browser }) => {
  const reader = await house.person('読む 人', { organisation: '益子町' });
  await house.give(officer, reader, space, 'viewer');
  const page = await pageOf(browser, reader);
  await page.goto(await newDoc('[県のページ](https://www.pref.example.jp/)を見る。'));
  await expect(editorOf(page)).toHaveAttribute('contenteditable', 'false');
  await expect(page.getByRole('toolbar')).toHaveCount(0);
  await expect(page.locator('[data-saved]')).toHaveAttribute('data-saved', 'reading');
  await expect(page.getByRole('link', { name: '県のページ' })).toHaveAttribute(
    'href',
    'https://www.pref.example.jp/',
  );
});

test('tools by keyboard: one stop, arrows, pressed states; the slash menu; nothing for axe', async ({
  browser,
}) => {
  const page = await pageOf(browser, officer);
  await page.goto(await newDoc('縁側'));
  await expect(editorOf(page)).toBeVisible();
  const tools = page.getByRole('toolbar', { name: '文字と段落の書式' });
  await expect(tools.locator('button[tabindex="0"]')).toHaveCount(1);
  await tools.getByRole('button', { name: /段落の種類/ }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(tools.getByRole('button', { name: '太字' })).toBeFocused();
  await editorOf(page).locator('p').first().selectText();
  await page.keyboard.press('ControlOrMeta+b');
  await expect(tools.getByRole('button', { name: '太字' })).toHaveAttribute('aria-pressed', 'true');

  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('/みだ');
  await expect(page.getByRole('listbox').getByRole('option')).toHaveCount(4);
  const axe = await new AxeBuilder({ page }).include('main').analyze();
  expect(axe.violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.type('目的');
  await expect(editorOf(page).locator('h2')).toHaveText('目的');
  await expect(page.getByRole('listbox')).toHaveCount(0);
  await saved(page);
});

test('downgraded while typing: the tools go, and what was sent stays', async ({ browser }) => {
  const page = await pageOf(browser, clerk);
  await page.goto(await newDoc('町の文。'));
  await expect(editorOf(page)).toBeVisible();
  await typeAt(page, 0, '書けた。');
  await saved(page);
  const { changeGrant } = await import('@engawa/domain');
  await changeGrant(officer.ctx, { grantId: clerkGrant, role: 'viewer' });
  await expect(editorOf(page)).toHaveAttribute('contenteditable', 'false', { timeout: 5_000 });
  await expect(page.getByRole('toolbar')).toHaveCount(0);
  await expect(editorOf(page)).toContainText('町の文。書けた。');
  await changeGrant(officer.ctx, { grantId: clerkGrant, role: 'editor' });
  await expect(editorOf(page)).toHaveAttribute('contenteditable', 'true', { timeout: 15_000 });
  await typeAt(page, 0, 'また書けた。');
  await saved(page);
});

test('Markdown out: what is on screen, as a file with the document’s name', async ({ browser }) => {
  const page = await pageOf(browser, officer);
  const address = await newDoc('# 目的\n\n**太字**の文。', '県と町の計画');
  await page.goto(address);
  await expect(editorOf(page)).toBeVisible();
  await typeAt(page, 0, '追記。');
  await saved(page);
  await page
    .getByRole('button', { name: /県と町の計画/ })
    .last()
    .click();
  const file = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Markdownで書き出す' }).click();
  expect((await file).suggestedFilename()).toBe('県と町の計画.md');
  const answer = await page.request.get(`${address}/markdown`);
  expect(await answer.text()).toBe('# 目的\n\n**太字**の文。追記。\n');
});

test('what was typed offline before a repair is offered to whoever comes back after it, and its copy goes', async ({
  browser,
}) => {
  const address = await newDoc('確かめられる文。', '直される記録');
  const id = address.split('/').at(-1)!;
  const { page, road } = await writingPage(browser, clerk, address);
  await typeAt(page, 0, '失われる文。');
  await saved(page);
  await road.cut();
  await typeAt(page, 0, '駅で書いた。');
  await expect(page.locator('[data-saved]')).toHaveAttribute('data-saved', 'offline');
  await page.goto('about:blank');
  await house.sql`update journal_rows set updates = updates || 'x'::bytea where item = ${id} and seq > 1`;
  const { repairItem } = await import('@engawa/domain');
  await repairItem(officer.ctx, { id });

  road.open = true;
  await page.goto(address);
  await expect(page.locator('[data-rescued] textarea')).toHaveValue('駅で書いた。', { timeout: 15_000 });
  await expect(editorOf(page)).toHaveText('確かめられる文。');
  const generations = async () => (await copies(page)).flatMap((name) => name.split(`${id}.`)[1] ?? []);
  await expect.poll(generations).toEqual(['2']);
});

test('a damaged document is readable as far as it is whole, and a manager repairs it', async ({
  browser,
}) => {
  const page = await pageOf(browser, officer);
  const address = await newDoc('確かめられる文。', '壊れた記録');
  const id = address.split('/').at(-1)!;
  await page.goto(address);
  await expect(editorOf(page)).toBeVisible();
  await typeAt(page, 0, '失われる文。');
  await saved(page);
  await page.goto(instance().origin);
  await house.sql`update journal_rows set updates = updates || 'x'::bytea where item = ${id} and seq > 1`;
  // What the live channel still holds in memory goes with its last page; snapshots are no help before twenty rows.
  await page.goto(address);
  await expect(page.locator('[data-damaged]')).toContainText('壊れています');
  await expect(page.locator('article.document')).toHaveText('確かめられる文。');

  const other = await pageOf(browser, clerk);
  await other.goto(address);
  await expect(other.locator('[data-damaged]')).toContainText('管理者');
  await expect(other.getByRole('button', { name: '修復する' })).toHaveCount(0);
  await page.getByRole('button', { name: '修復する' }).click();
  for (const each of [page, other]) {
    await expect(editorOf(each)).toHaveAttribute('contenteditable', 'true', { timeout: 15_000 });
    await expect(editorOf(each)).toContainText('確かめられる文。');
  }
  await typeAt(page, 0, '続き。');
  await expect(editorOf(other)).toContainText('続き。');
});
