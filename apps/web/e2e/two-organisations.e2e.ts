import type { BrowserContext, Page } from '@playwright/test';
import WebSocket from 'ws';
import { newId } from '@engawa/schema';
import { openLine, type Line } from './line.ts';
import { ADMINISTRATOR, openHouse, type House } from './house.ts';
import { instance, linkIn, mailTo } from './instance.ts';
import { expect, test } from './test.ts';
import { compose, editorOf, saved, textOf, typeAtEnd } from './writing.ts';
import { longText } from './seeds.ts';

// One long story, as two people live it: the officer of a prefecture and the clerk of a town.
test.describe.configure({ mode: 'serial', timeout: 120_000 });

/** Others at a second try: those of the first are still there. */
const TRY = newId().slice(-6);
const CLERK = {
  name: '𠮷野 さくら',
  email: `sakura-${TRY}@town.example.jp`,
  password: '町の窓口から書きます',
};
const SPACE = `データ共有円滑化 ${TRY}`;

let house: House;
let officer: Page;
let clerk: Page;
let clerkBrowser: BrowserContext;
let line: Line;
let address: string;

test.beforeAll(async ({ browser }) => {
  house = await openHouse();
  officer = await (await browser.newContext()).newPage();
  line = await openLine();
  clerkBrowser = await browser.newContext({ proxy: line.proxy });
  clerk = await clerkBrowser.newPage();
});

test.afterAll(async () => {
  await Promise.all([officer.context().close(), clerkBrowser.close()]);
  line.close();
  await house.close();
});

test('the officer makes a space and imports thirty kilobytes of real Japanese', async () => {
  await officer.goto(`${instance().origin}/login`);
  await officer.getByLabel('メールアドレス').fill(ADMINISTRATOR.email);
  await officer.getByLabel('パスワード', { exact: true }).fill(ADMINISTRATOR.password);
  await officer.getByRole('button', { name: 'ログイン' }).click();
  await officer.getByRole('button', { name: 'スペースを作る' }).first().click();
  const dialog = officer.getByRole('dialog');
  await dialog.getByLabel('スペースの名前').fill(SPACE);
  await dialog.getByLabel(/^目的/).fill('県と町が、同じ文書をその場で書く。');
  await dialog.getByRole('button', { name: /作る|作成/ }).click();
  await expect(officer.getByRole('heading', { name: SPACE, level: 1 })).toBeVisible();

  const text = longText();
  expect(Buffer.byteLength(text)).toBeGreaterThan(30_000);
  const picker = officer.waitForEvent('filechooser');
  await officer.getByRole('button', { name: '追加' }).last().click();
  await officer.getByRole('menuitem', { name: /Markdown/ }).click();
  await (
    await picker
  ).setFiles({ name: '共創促進しごとと改革.md', mimeType: 'text/markdown', buffer: Buffer.from(text) });
  await expect(officer).toHaveURL(/\/doc\//, { timeout: 30_000 });
  address = officer.url();
  await expect(editorOf(officer)).toContainText('共創', { timeout: 20_000 });
  await saved(officer);
});

test('the clerk is invited by a mail that really goes out, and joins by its link', async () => {
  await officer.getByRole('button', { name: '共有', exact: true }).click();
  const dialog = officer.getByRole('dialog');
  await dialog.getByLabel('人・組織を加える').fill(CLERK.email);
  await dialog.getByLabel(/^組織/).fill('益子町');
  await dialog.getByRole('button', { name: '招待を送る' }).click();
  await expect(officer.getByText(`${CLERK.email}に招待を送りました`)).toBeVisible();
  await officer.keyboard.press('Escape');

  const mail = await mailTo(CLERK.email);
  expect(mail.subject).toContain(SPACE);
  await clerk.goto(linkIn(mail));
  await clerk.getByLabel('氏名').fill(CLERK.name);
  await clerk.getByLabel(/^ふりがな/).fill('よしの さくら');
  await clerk.getByLabel('パスワード', { exact: true }).fill(CLERK.password);
  await clerk.getByRole('button', { name: /参加/ }).click();
  await expect(clerk).not.toHaveURL(/invite/);
  await clerk.goto(address);
  await expect(editorOf(clerk)).toContainText('共創', { timeout: 20_000 });
  await expect(clerk.getByText(/ゲスト/).first()).toBeVisible();
});

test('both write in the same paragraph, one of them composing Japanese', async () => {
  await typeAtEnd(officer, '');
  await officer.keyboard.press('Enter');
  await officer.keyboard.type('議事：');
  await expect(editorOf(clerk)).toContainText('議事：');
  await typeAtEnd(clerk, '');
  await Promise.all([
    compose(clerk, ['に', 'にほ', 'にほん', '日本'], '日本の町から'),
    (async () => {
      for (const letter of 'agenda') {
        await officer.keyboard.type(letter);
        await officer.waitForTimeout(60);
      }
    })(),
  ]);
  await saved(officer);
  await saved(clerk);
  for (const page of [officer, clerk]) {
    await expect.poll(() => textOf(page)).toContain('日本の町から');
    await expect
      .poll(async () => (await textOf(page)).replaceAll('日本の町から', ''))
      .toContain('議事：agenda');
  }
  expect(await textOf(officer)).toBe(await textOf(clerk));
  expect(await textOf(officer)).not.toMatch(/にほ|日本の町から.*日本の町から/);
});

test('a browser that was offline comes back with what was typed meanwhile', async () => {
  line.cut();
  await typeAtEnd(clerk, '（町は圏外で書いた）');
  await expect(clerk.getByText(/未保存|接続が切れました/).first()).toBeVisible({ timeout: 20_000 });
  await typeAtEnd(officer, '（県はその間も書いた）');
  line.restore();
  await saved(clerk, 30_000);
  for (const page of [officer, clerk]) {
    await expect.poll(() => textOf(page), { timeout: 20_000 }).toContain('（町は圏外で書いた）');
    expect(await textOf(page)).toContain('（県はその間も書いた）');
  }
});

test('what was written is there after a reload, and in the export', async () => {
  await officer.reload();
  await expect(editorOf(officer)).toContainText('（町は圏外で書いた）', { timeout: 20_000 });
  await expect(editorOf(officer)).toContainText('日本の町から');
});

test('a commenter cannot write, by the page or by a raw socket', async () => {
  const [row] = await house.sql<{ id: string }[]>`
    select g.id from grants g join people p on p.id = g.principal_id where p.email = ${CLERK.email} and g.revoked_at is null`;
  const [admin] = await house.sql<
    { id: string }[]
  >`select id from people where email = ${ADMINISTRATOR.email}`;
  const { changeGrant, createCtx } = await import('@engawa/domain');
  const by = createCtx({ kind: 'job', personId: admin!.id, job: 'e2e' }, house.services);
  await changeGrant(by, { grantId: row!.id, role: 'commenter' });
  await expect(editorOf(clerk)).toHaveAttribute('contenteditable', 'false', { timeout: 5_000 });
  const before = await textOf(officer);
  await editorOf(clerk).click();
  await clerk.keyboard.type('書けてはいけない');
  await clerk.waitForTimeout(800);
  expect(await textOf(officer)).toBe(before);
  await clerk.reload();
  await expect(editorOf(clerk)).toHaveAttribute('contenteditable', 'false');
});

test('with WebSockets blocked the document can be read, and says why it cannot be written', async () => {
  line.blockSockets();
  await clerk.reload();
  await expect(clerk.getByText(/WebSocket/).first()).toBeVisible({ timeout: 20_000 });
  await expect(clerk.getByText('（町は圏外で書いた）')).toBeVisible();
  line.restore();
  await clerk.reload();
  await expect(editorOf(clerk)).toBeVisible({ timeout: 20_000 });
});

test('when the grant is taken back, the page closes and the raw socket dies within a second', async () => {
  const id = new URL(address).pathname.split('/').at(-1)!;
  const [item] = await house.sql<{ generation: number }[]>`select generation from items where id = ${id}`;
  const cookies = await clerkBrowser.cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const { origin } = instance();
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/sync/${id}?g=${item!.generation}`, {
    headers: { cookie, origin },
  });
  await new Promise((open, failed) => socket.once('open', open).once('error', failed));
  // The clerk's own first message, so that the socket is not closed for saying nothing.
  const { authenticationMessage } = await import('./raw-socket.ts');
  socket.send(authenticationMessage(`${id}.${item!.generation}`));
  await new Promise((heard) => socket.once('message', heard));

  const closed = new Promise<number>((done) => socket.once('close', () => done(Date.now())));
  await officer.getByRole('button', { name: '共有', exact: true }).click();
  const dialog = officer.getByRole('dialog');
  await dialog
    .getByRole('button', { name: new RegExp(`${CLERK.name}`) })
    .first()
    .click();
  const end = officer
    .getByRole('button', { name: 'アクセスを取り消す' })
    .or(officer.getByRole('menuitem', { name: 'アクセスを取り消す' }));
  await end.first().click();
  const began = Date.now();
  await expect(clerk.locator('[data-access-ended]')).toBeVisible({ timeout: 1_500 });
  expect(await closed).toBeLessThan(began + 1_500);
  await expect(clerk.getByText('共創')).toHaveCount(0);
  await clerk.goto(address);
  await expect(clerk.getByText(/見つかりません/).first()).toBeVisible();
});
