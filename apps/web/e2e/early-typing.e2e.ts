import { browserOf, openHouse, type House } from './house.ts';
import { instance } from './instance.ts';
import { expect, test } from './test.ts';

let house: House;
test.beforeAll(async () => {
  house = await openHouse();
});
test.afterAll(() => house.close());

test('what is typed before the page has woken up stays, also in a field that came filled in', async ({
  browser,
}) => {
  const context = await browserOf(browser, await house.person('町野 さくら'));
  const page = await context.newPage();
  // A slow line: the scripts come a second after the page.
  await page.route(/\/_app\/immutable\/.*\.js/, async (route) => {
    await new Promise((done) => setTimeout(done, 1_000));
    await route.continue();
  });
  await page.goto(`${instance().origin}/account`, { waitUntil: 'commit' });
  await page.getByLabel('氏名').fill('町野 桜子');
  await page.waitForLoadState('networkidle');
  await expect(page.getByLabel('氏名')).toHaveValue('町野 桜子');
  await page.getByRole('button', { name: '保存' }).click();
  await expect(page.getByText('保存しました')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('氏名')).toHaveValue('町野 桜子');
});
