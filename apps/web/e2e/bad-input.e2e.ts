import type { Page } from '@playwright/test';
import { deriveToken, invite } from '@engawa/domain';
import { newId } from '@engawa/schema';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect, test } from './test.ts';

// What people, mail programs and attackers send: a clear sentence, and nothing lost.
let house: House;
let officer: Person;
let space: string;

test.beforeAll(async () => {
  house = await openHouse();
  ({ id: space, officer } = await house.space('入力のしけん'));
});
test.afterAll(() => house.close());

/** Invites somebody new; the link is as the mail has it. */
async function invitation(): Promise<{ id: string; email: string; url: string }> {
  const email = `${newId()}@town.example.jp`;
  const { id } = await invite(officer.ctx, {
    objectId: space,
    email,
    role: 'editor',
    organisation: '益子町',
  });
  return {
    id,
    email,
    url: `${instance().origin}/invite/${deriveToken(house.services, 'invitation', id, 1)}`,
  };
}

async function accept(page: Page, name: string): Promise<void> {
  await page.getByLabel('氏名').fill(name);
  await page.getByLabel('パスワード', { exact: true }).fill('町の窓口から書きます');
  await page.getByRole('button', { name: '参加する' }).click();
}

test('an invitation that ran out says whom to ask', async ({ page }) => {
  const { id, url } = await invitation();
  await house.sql`update invitations set expires_at = now() - interval '1 minute' where id = ${id}`;
  await page.goto(url);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('この招待は、期限が切れました');
  await expect(page.getByLabel('氏名')).toHaveCount(0);
});

test('two people with one link: one comes in, the other is told', async ({ browser }) => {
  const { url } = await invitation();
  const [first, second] = await Promise.all([1, 2].map(async () => (await browser.newContext()).newPage()));
  await Promise.all([first!.goto(url), second!.goto(url)]);
  await accept(first!, '先の 人');
  await expect(first!).not.toHaveURL(/invite/);
  await accept(second!, '後の 人');
  await expect(second!.getByText(/もう使われました|登録済み/).first()).toBeVisible();
  await second!.goto(`${instance().origin}/`);
  await expect(second!).toHaveURL(/login/);
});

test('names: 300 characters are refused and kept, rare letters stay, direction marks go', async ({
  browser,
}) => {
  const { email, url } = await invitation();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  const long = '長'.repeat(300);
  await accept(page, long);
  await expect(page.getByText('名前が長すぎます。100文字までです。')).toBeVisible();
  await expect(page.getByLabel('氏名')).toHaveValue(long);
  await accept(page, '𠮷田\u202E 👩‍👩‍👧 さくら');
  await expect(page).not.toHaveURL(/invite/);
  const [row] = await house.sql<{ name: string }[]>`select name from people where email = ${email}`;
  expect(row!.name).toContain('𠮷田');
  expect(row!.name).toContain('👩‍👩‍👧');
  expect(row!.name).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200E\u200F]/);
});

test('a Markdown bomb and a file in another encoding are refused in words; the page stays', async ({
  browser,
}) => {
  const context = await browserOf(browser, officer);
  const page = await context.newPage();
  await page.goto(`${instance().origin}/s/${space}`);
  const bring = async (name: string, buffer: Buffer) => {
    const picker = page.waitForEvent('filechooser');
    const entry = page.getByRole('menuitem', { name: /Markdown/ });
    // A press before the page has woken up does nothing.
    await expect(async () => {
      await page.locator('main').getByRole('button', { name: '追加', exact: true }).click();
      await expect(entry).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await entry.click();
    await (await picker).setFiles({ name, mimeType: 'text/markdown', buffer });
  };
  await bring('deep.md', Buffer.from(`${'> '.repeat(5_000)}底`));
  await expect(page.getByText(/深すぎる|大きすぎる/).first()).toBeVisible({ timeout: 20_000 });
  await bring('sjis.md', Buffer.from([0x93, 0xfa, 0x96, 0x7b]));
  await expect(page.getByText(/文字コード/).first()).toBeVisible();
  await bring('huge.md', Buffer.alloc(3_100_000, '長'));
  await expect(page.getByText(/文書が大きすぎます/).first()).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/s/${space}$`));
});

test('a name with markup is text wherever it is shown', async ({ browser }) => {
  const title = '<img src=x onerror="document.title=1">"><b>題</b>';
  const doc = await house.doc(
    officer,
    space,
    title,
    '[押す](javascript:alert(1)) <script>alert(1)</script> 本文',
  );
  const context = await browserOf(browser, officer);
  const page = await context.newPage();
  await page.goto(`${instance().origin}/s/${space}/doc/${doc}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('<img src=x');
  await expect(page.locator('main')).toContainText('本文');
  expect(await page.locator('main img, main script, main a[href^="javascript"]').count()).toBe(0);
});

test('bodies that cannot be read are refused as such, and are nobody’s error here', async ({
  page,
  request,
}) => {
  const { origin } = instance();
  await page.goto(`${origin}/login`);
  const action = await page.locator('form').first().getAttribute('action');
  const headers = { origin };
  const sent: { path: string; type: string; data: string | Buffer }[] = [
    { path: `/login${action}`, type: 'multipart/form-data; boundary=x', data: '--y\r\nnothing of the kind' },
    { path: `/login${action}`, type: 'multipart/form-data', data: 'no boundary' },
    { path: `/login${action}`, type: 'application/x-www-form-urlencoded', data: 'stranger=1&also=%E0%A4%A' },
  ];
  const [id] = new URLSearchParams(action!.slice(1)).values();
  for (const data of ['', 'x', '{"payload":', Buffer.from([0, 3, 0, 0, 0, 2, 0, 1, 2, 3, 91])])
    for (const type of [
      'application/json',
      'application/x-sveltekit-formdata',
      'multipart/form-data; boundary=x',
    ])
      sent.push({ path: `/_app/remote/${id}`, type, data });
  for (const { path, type, data } of sent) {
    const answer = await request.post(origin + path, { headers: { ...headers, 'content-type': type }, data });
    const text = await answer.text();
    // A remote function's answer is 200 or more, and says the status within.
    const status = Number(/"status":\s*(\d+)/.exec(text)?.[1] ?? answer.status());
    const about = `${path} ${type} ${data.toString()}: ${status}`;
    expect(status, about).toBeGreaterThanOrEqual(400);
    expect(status, about).toBeLessThan(500);
    expect(text).not.toMatch(/\bat .+:\d+:\d+/);
  }
  const asked = await request.get(`${origin}/_app/remote/${id}?payload=%7B`, { headers });
  expect(asked.status()).toBeLessThan(500);
});
