import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import { ROLES } from '@engawa/access';
import { newId } from '@engawa/schema';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance, linkIn, mailTo } from './instance.ts';
import { expect, test } from './test.ts';

let house: House;
/** Looks after a town of its own, so that no test meets the people of another. */
let administrator: Person;
let town: { id: string; name: string };
test.beforeAll(async () => {
  house = await openHouse();
});
test.afterAll(() => house.close());
test.beforeEach(async () => {
  const name = `益子町 ${newId().slice(-6)}`;
  administrator = await house.person('管理 一郎', { organisation: name });
  const [row] = await house.sql<{ id: string }[]>`select id from organisations where name = ${name}`;
  town = { id: row!.id, name };
  await house.sql`
    insert into grants (id, principal_kind, principal_id, object_id, mask, granted_by)
    values (${newId()}, 'person', ${administrator.id}, ${town.id}, ${ROLES.manager}, ${administrator.id})`;
});

test('the account menu leads to the organisation, by keyboard alone', async ({ browser }) => {
  const page = await open(await browserOf(browser, administrator), '/account');
  const menu = page.getByRole('navigation').getByRole('button', { name: '管理 一郎' });
  await expect(async () => {
    // The menu opens once the page's script is there.
    await menu.press('Enter', { timeout: 1000 });
    await expect(page.getByRole('menuitem', { name: '自分の設定' })).toBeFocused({ timeout: 1000 });
  }).toPass();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: '組織の管理' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${instance().origin}/admin/${town.id}`);
  await page.getByRole('link', { name: '部署' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('部署の名前').focus();
  await page.keyboard.type('企画課');
  await page.keyboard.press('Enter');
  await expect(page.getByText('企画課を作りました')).toBeVisible();
  await expect(page.getByLabel('部署の名前')).toHaveValue('');
  await page.getByLabel('部署の名前').fill('あ'.repeat(101));
  await page.keyboard.press('Enter');
  await expect(page.getByText('部署の名前が長すぎます。100文字までです。')).toBeVisible();
});

test('somebody is added; what is wrong is said at its field and nothing typed is lost', async ({
  browser,
}) => {
  await group('企画課');
  const page = await open(await browserOf(browser, administrator), `/admin/${town.id}`);
  await page.getByRole('link', { name: '人を加える' }).click();
  await page.getByLabel('氏名').fill('𠮷野 さくら');
  await page.getByLabel(/^ふりがな/).fill('よしの さくら');
  const email = `${newId()}@example.jp`;
  await page.getByLabel('メールアドレス').fill(email);
  await page.getByLabel('部署').selectOption('企画課');
  await page.getByLabel(/^役職/).fill('主任');
  await page.getByLabel('着任日').fill('2027-04-01');
  await page.getByLabel('最終日').fill('2027-03-31');
  await page.getByRole('button', { name: '人を加える' }).click();
  await expect(page.getByText('最終日が、着任日より前になっています。')).toBeVisible();
  await expect(page.getByLabel('部署').locator('option:checked')).toHaveText('企画課');
  await expect(page.getByLabel('氏名')).toHaveValue('𠮷野 さくら');
  await page.getByLabel('最終日').fill('2029-03-31');
  await page.getByRole('button', { name: '人を加える' }).click();
  await expect(page).toHaveURL(`${instance().origin}/admin/${town.id}`);
  await expect(page.getByText('𠮷野 さくらさんを加えました')).toBeVisible();
  const row = page.getByRole('list', { name: 'や' }).getByRole('listitem');
  await expect(row).toContainText('着任前');
  await expect(row).toContainText('パスワード未設定');

  await page.getByLabel('人を探す').fill('ﾖｼﾉ 主任');
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: '@' })).toHaveCount(1);
  await page.getByLabel('人を探す').fill('だれもいない');
  await expect(page.getByText('当てはまる人はいません')).toBeVisible();

  const theirs = await (await browser.newContext()).newPage();
  await theirs.goto(linkIn(await mailTo(email)));
  await theirs.getByLabel('新しいパスワード').fill('縁側で話した去年の夏');
  await theirs.getByRole('button', { name: '変更してログイン' }).click();
  await expect(theirs.getByRole('navigation').getByText('𠮷野 さくら')).toBeVisible();
});

test('a second post, an April transfer, and the end of a post', async ({ browser }) => {
  await group('企画課');
  const clerk = await house.person('町野 さくら', { organisation: town.name, post: '主事' });
  const page = await openPerson(browser, clerk);
  await addPost(page, { group: '企画課', post: '併任' });
  await expect(posts(page)).toHaveCount(2);
  await addPost(page, { post: '係長', from: '2027-04-01' });
  await expect(posts(page).nth(2)).toContainText('これから');
  await expect(posts(page).nth(2)).toContainText('2027年4月1日（木）から');

  await end(posts(page).nth(0), '2020-01-01');
  await expect(posts(page).nth(0).getByText('期限は、今日以降の日にしてください。')).toBeVisible();
  await posts(page).nth(0).getByLabel('最終日').fill('2099-03-31');
  await posts(page).nth(0).getByRole('button', { name: 'この所属を終える' }).click();
  await expect(posts(page).nth(0)).toContainText('2099年3月31日（火）まで');
  await end(posts(page).nth(1), '');
  await expect(posts(page).nth(1)).toContainText('終了');
  await end(posts(page).nth(2), '');
  await expect(posts(page).nth(2)).toContainText('取り消し');
});

test('a suspended person is out at once, and comes back', async ({ browser }) => {
  const clerk = await house.person('町野 さくら', { organisation: town.name });
  const theirs = await open(await browserOf(browser, clerk), '/account');
  const page = await openPerson(browser, clerk);
  await page.getByText('利用を停止する').click();
  await page.getByLabel('理由').fill('　');
  await page.getByRole('button', { name: '今すぐ停止する' }).click();
  await expect(page.getByText('理由を入力してください。')).toBeVisible();
  await page.getByLabel('理由').fill('端末の紛失');
  await page.getByRole('button', { name: '今すぐ停止する' }).click();
  await expect(page.getByText('理由：端末の紛失')).toBeVisible();
  await theirs.reload();
  await expect(theirs).toHaveURL(/\/login/);
  await page.getByRole('button', { name: '利用を再開する' }).click();
  await expect(page.getByText('町野 さくらさんの利用を再開しました')).toBeVisible();
  await expect(page.getByText('理由：端末の紛失')).toBeHidden();
});

test('the last administrator stays, and nobody suspends themself', async ({ browser }) => {
  const page = await openPerson(browser, administrator);
  await expect(page.getByText('自分の利用は停止できません。')).toBeVisible();
  await end(posts(page).first(), '');
  await expect(page.getByRole('alert')).toContainText('最後の管理者です');
});

test('for everybody else there is no such place', async ({ browser }) => {
  const stranger = await house.person('余所 一郎', { organisation: `那須町 ${newId().slice(-6)}` });
  const page = await (await browserOf(browser, stranger)).newPage();
  for (const path of [`/admin/${town.id}`, `/admin/${newId()}`, '/admin/no-id', '/admin/outbox']) {
    await page.goto(instance().origin + path);
    await expect(page.getByRole('heading', { name: '見つかりません' })).toBeVisible();
    await expect(page.getByText('益子町')).toBeHidden();
  }
  const theirs = await (await browserOf(browser, administrator)).newPage();
  await theirs.goto(`${instance().origin}/admin/outbox`);
  await expect(theirs.getByRole('heading', { name: '見つかりません' })).toBeVisible();
});

test('without script the administration works all the same', async ({ browser }) => {
  const context = await browserOf(browser, administrator, { javaScriptEnabled: false });
  const page = await open(context, `/admin/${town.id}/people/new`);
  await page.getByLabel('氏名').fill('青木 恵');
  await page.getByLabel(/^ふりがな/).fill('あおき めぐみ');
  // Browsers let this pass; the server does not.
  await page.getByLabel('メールアドレス').fill('aoki..megumi@example.jp');
  await page.getByRole('button', { name: '人を加える' }).click();
  await expect(page.getByText('メールアドレスの形式が正しくありません。')).toBeVisible();
  await expect(page.getByLabel('氏名')).toHaveValue('青木 恵');
  await page.getByLabel('メールアドレス').fill(`${newId()}@example.jp`);
  await page.getByRole('button', { name: '人を加える' }).click();
  await expect(page).toHaveURL(`${instance().origin}/admin/${town.id}`);
  await page.getByLabel('人を探す').fill('あおき');
  await page.getByLabel('人を探す').press('Enter');
  await page.getByRole('link', { name: '青木 恵' }).click();
  await page.getByText('利用を停止する').click();
  await page.getByLabel('理由').fill('　');
  await page.getByRole('button', { name: '今すぐ停止する' }).click();
  await expect(page.getByText('理由を入力してください。')).toBeVisible();
  await page.getByLabel('理由').fill('確認のため');
  await page.getByRole('button', { name: '今すぐ停止する' }).click();
  await expect(page.getByText('理由：確認のため')).toBeVisible();
});

for (const [width, theme] of [
  [1440, 'light'],
  [390, 'dark'],
] as const) {
  test(`axe finds nothing (${width} px, ${theme})`, async ({ browser }) => {
    await group('企画課');
    const clerk = await house.person('町野 さくら', { organisation: town.name, post: '主事' });
    const options = {
      viewport: { width, height: 900 },
      colorScheme: theme,
      reducedMotion: 'reduce',
    } as const;
    const page = await (await browserOf(browser, administrator, options)).newPage();
    const here = `/admin/${town.id}`;
    for (const path of [
      here,
      `${here}/people/${clerk.id}`,
      `${here}/people/new`,
      `${here}/groups`,
      '/admin/organisations',
    ]) {
      await page.goto(instance().origin + path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      for (const summary of await page.locator('summary').all()) await summary.click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [path, id, nodes.map(({ html }) => html)])).toEqual([]);
    }
  });
}

const posts = (page: Page) => page.getByRole('list', { name: '所属' }).getByRole('listitem');

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(instance().origin + path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  return page;
}

async function openPerson(browser: Browser, person: Person): Promise<Page> {
  return open(await browserOf(browser, administrator), `/admin/${town.id}/people/${person.id}`);
}

async function group(name: string): Promise<void> {
  await house.sql`insert into groups (id, organisation_id, name) values (${newId()}, ${town.id}, ${name})`;
}

async function addPost(page: Page, place: { group?: string; post: string; from?: string }): Promise<void> {
  const form = page.locator('details', { has: page.locator('summary', { hasText: '所属を加える' }) });
  await form.locator('summary').click();
  if (place.group) await form.getByLabel('部署').selectOption(place.group);
  await form.getByLabel(/^役職/).fill(place.post);
  if (place.from) await form.getByLabel('着任日').fill(place.from);
  await form.getByRole('button', { name: '所属を加える' }).click();
  await expect(form.getByRole('button', { name: '所属を加える' })).toBeHidden();
}

/** Ends an affiliation on a day, or at once. */
async function end(row: Locator, day: string): Promise<void> {
  if (!(await row.locator('details[open]').count())) await row.locator('summary').click();
  await row.getByLabel('最終日').fill(day);
  await row.getByRole('button', { name: /この所属を/ }).click();
}
