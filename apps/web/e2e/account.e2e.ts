import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from '@playwright/test';
import { resetLink } from '@engawa/domain';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect, test } from './test.ts';

const address = (): string => `${instance().origin}/account`;

let house: House;
let person: Person;
test.beforeAll(async () => {
  house = await openHouse();
});
test.afterAll(() => house.close());
test.beforeEach(async () => {
  person = await house.person('町野 さくら', { post: '主任' });
});

test('a name with rare letters is kept, and a wrong reading says what is wrong and loses nothing', async ({
  browser,
}) => {
  const page = await openAccount(await browserOf(browser, person));
  await page.getByLabel('氏名').fill('𠮷野 さくら👩‍🌾');
  await page.getByLabel(/^ふりがな/).fill('吉野');
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText('ふりがなは、ひらがなかローマ字で入力してください。')).toBeVisible();
  await expect(page.getByLabel('氏名')).toHaveValue('𠮷野 さくら👩‍🌾');
  await page.getByLabel(/^ふりがな/).fill('ヨシノ サクラ');
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText('保存しました')).toBeVisible();
  await expect(page.getByLabel(/^ふりがな/)).toHaveValue('よしの さくら');
  await page.reload();
  await expect(page.getByLabel('氏名')).toHaveValue('𠮷野 さくら👩‍🌾');
  await expect(page.getByLabel(/^ふりがな/)).toHaveValue('よしの さくら');
  await expect(page.getByRole('navigation').getByText('𠮷野 さくら👩‍🌾')).toBeVisible();
});

test('language and appearance take effect at once; what is being typed stays', async ({ browser }) => {
  const page = await openAccount(await browserOf(browser, person));
  await page.getByLabel('氏名').fill('町野 さ');
  await page.getByLabel('暗い').check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByLabel('English').check();
  await expect(page.getByRole('heading', { name: 'My account' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('町野 さ');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByLabel('Dark')).toBeChecked();
});

test('a new password signs every other device out and keeps this one', async ({ browser }) => {
  const here = await setPassword(await browser.newContext(), '縁側で話した去年の夏');
  const elsewhere = await signIn(await browser.newContext(), '縁側で話した去年の夏');
  await here.goto(address());
  await expect(sessions(here)).toHaveCount(2);

  await here.getByLabel('今のパスワード').fill('まったく違う言葉でした');
  await here.getByLabel('新しいパスワード').fill('縁側で話す来年の冬');
  await here.getByRole('button', { name: 'パスワードを変える' }).click();
  await expect(here.getByText('パスワードは10文字以上にしてください。')).toBeVisible();
  await here.getByLabel('新しいパスワード').fill('縁側で話したい来年の冬');
  await here.getByRole('button', { name: 'パスワードを変える' }).click();
  await expect(here.getByText('今のパスワードが違います。')).toBeVisible();
  await here.getByLabel('今のパスワード').fill('縁側で話した去年の夏');
  await here.getByRole('button', { name: 'パスワードを変える' }).click();
  await expect(here.getByRole('status').getByText('パスワードを変えました。')).toBeVisible();
  await expect(here.getByLabel('今のパスワード')).toHaveValue('');
  await expect(sessions(here)).toHaveCount(1);

  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/\/login/);
  await here.reload();
  await expect(here).toHaveURL(address());
});

test('one device can be signed out, and all of them', async ({ browser }) => {
  const other = await setPassword(await browser.newContext(), '縁側で話した去年の夏');
  const page = await signIn(await browser.newContext(), '縁側で話した去年の夏');
  await expect(sessions(page)).toHaveCount(2);
  await expect(sessions(page).first()).toContainText('この端末');
  await expect(sessions(page).first().getByRole('button')).toHaveCount(0);
  await sessions(page).nth(1).getByRole('button').click();
  await expect(sessions(page)).toHaveCount(1);
  await other.goto(address());
  await expect(other).toHaveURL(/\/login/);

  await page.getByRole('button', { name: 'すべての端末からログアウト' }).click();
  await expect(page).toHaveURL(/\/login/);
  await page.goto(address());
  await expect(page).toHaveURL(/\/login\?next=%2Faccount/);
});

test('without script the forms work all the same', async ({ browser }) => {
  const page = await openAccount(await browserOf(browser, person, { javaScriptEnabled: false }));
  await page.getByLabel('氏名').fill('　');
  await page.getByRole('button', { name: '保存' }).first().click();
  await expect(page.getByText('名前を入力してください。')).toBeVisible();
  await page.getByLabel('氏名').fill('町野 桜子');
  await page.getByRole('button', { name: '保存' }).first().click();
  await page.goto(address());
  await expect(page.getByLabel('氏名')).toHaveValue('町野 桜子');
  await page.getByLabel('English').check();
  await page.getByRole('button', { name: '保存' }).last().click();
  await expect(page.getByRole('heading', { name: 'My account' })).toBeVisible();
});

for (const [width, theme] of [
  [1440, 'light'],
  [390, 'dark'],
] as const) {
  test(`axe finds nothing (${width} px, ${theme})`, async ({ browser }) => {
    const options = {
      viewport: { width, height: 900 },
      colorScheme: theme,
      reducedMotion: 'reduce',
    } as const;
    const page = await openAccount(await browserOf(browser, person, options));
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
}

const sessions = (page: Page) => page.getByRole('list', { name: 'ログイン中の端末' }).getByRole('listitem');

async function openAccount(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address());
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  return page;
}

async function signIn(context: BrowserContext, password: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${instance().origin}/login?next=/account`);
  await page.getByLabel('メールアドレス').fill(person.email);
  await page.getByLabel('パスワード', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'ログイン' }).click();
  await expect(page).toHaveURL(address());
  return page;
}

/** Gives the person a first password by the link of a reset, which ends every session but this browser's. */
async function setPassword(context: BrowserContext, password: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(await resetLink(house.services, person.email));
  await page.getByLabel('新しいパスワード').fill(password);
  await page.getByRole('button', { name: '変更してログイン' }).click();
  await expect(page).toHaveURL(`${instance().origin}/`);
  return page;
}
