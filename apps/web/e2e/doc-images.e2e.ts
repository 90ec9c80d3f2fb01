import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { exportMarkdown, tree } from '@engawa/domain';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect as asked, test } from './test.ts';
import { png, putFile } from './vault-files.ts';
import { editorOf, saved } from './writing.ts';

// What is tested is that it comes, also on a busy machine.
const expect = asked.configure({ timeout: 40_000 });
test.describe.configure({ timeout: 240_000 });

let house: House;
let officer: Person;
let clerk: Person;
let space: string;

test.beforeAll(async () => {
  house = await openHouse();
  ({ id: space, officer } = await house.space('写真の入る文書'));
  clerk = await house.person('町役場 次郎', { organisation: '益子町' });
  await house.give(officer, clerk, space, 'editor');
});
test.afterAll(() => house.close());

const docIn = async (markdown: string, parentId: string | null = null) =>
  house.doc(officer, space, '現地の記録', markdown, parentId);
const addressOf = (id: string) => `${instance().origin}/s/${space}/doc/${id}`;

async function open(browser: Parameters<typeof browserOf>[0], id: string, person = officer): Promise<Page> {
  const page = await (await browserOf(browser, person, { reducedMotion: 'reduce' })).newPage();
  await page.goto(addressOf(id));
  await expect(editorOf(page)).toBeVisible({ timeout: 30_000 });
  return page;
}

const pictures = (page: Page) => editorOf(page).locator('figure.image');
const shows = (page: Page) =>
  expect
    .poll(() =>
      pictures(page)
        .locator('img')
        .first()
        .evaluate((image: HTMLImageElement) => image.naturalWidth),
    )
    .toBeGreaterThan(0);

/** As the browser hands over what was copied, or dropped at a place in the text. */
async function give(
  page: Page,
  how: 'paste' | 'drop',
  files: { name: string; bytes: Buffer; type?: string }[],
  text = '',
) {
  const given = files.map(({ name, bytes, type = 'image/png' }) => ({ name, type, bytes: [...bytes] }));
  await editorOf(page).evaluate(
    (field, { how, given, text }) => {
      const data = new DataTransfer();
      for (const { name, type, bytes } of given)
        data.items.add(new File([Uint8Array.from(bytes)], name, { type }));
      if (text) data.setData('text/plain', text);
      if (how === 'paste') {
        const paste = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
        return field.dispatchEvent(paste);
      }
      const { left, top, height } = field.querySelector('p')!.getBoundingClientRect();
      const at = { clientX: left + 5, clientY: top + height / 2, bubbles: true, cancelable: true };
      return field.querySelector('p')!.dispatchEvent(new DragEvent('drop', { dataTransfer: data, ...at }));
    },
    { how, given, text },
  );
}

const titlesIn = async (parentId: string | null) =>
  (await tree(officer.ctx, space))
    .filter((row) => row.parentId === parentId)
    .map((row) => `${row.kind} ${row.title}`);

test('a picture that is pasted goes into the vault, beside the document, and others see it at once', async ({
  browser,
}) => {
  const folder = await house.folder(officer, space, '視察');
  const id = await docIn('前の段落。\n\n後の段落。', folder);
  const [page, other] = [await open(browser, id), await open(browser, id, clerk)];
  await editorOf(page).locator('p').first().click();
  await give(page, 'paste', [{ name: 'image.png', bytes: png(120, 80) }]);
  await expect(pictures(page)).toHaveCount(1);
  await shows(page);
  await expect(pictures(other)).toHaveCount(1);
  await shows(other);
  await expect(editorOf(other).locator(':scope > *').nth(1)).toHaveJSProperty('tagName', 'FIGURE');
  expect(await titlesIn(folder)).toEqual(['doc 現地の記録', 'folder 画像']);
  await saved(page);
  expect(await pictures(page).locator('img').getAttribute('src')).toMatch(
    /^\/files\/[0-9a-f-]{36}\/content$/,
  );

  // Words and width, by keyboard alone; the other sees both.
  await page.getByRole('button', { name: '説明を書く' }).click();
  const words = page.getByRole('textbox', { name: '画像の説明' });
  await expect(words).toBeFocused();
  await page.keyboard.type('益子の窯');
  await page.keyboard.press('Enter');
  await expect(pictures(other).getByRole('img', { name: '益子の窯' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(words).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Home');
  await expect(pictures(other)).toHaveAttribute('style', /width: 10%/);
  const { violations } = await new AxeBuilder({ page }).include('main').analyze();
  expect(violations.map(({ id: rule, nodes }) => [rule, nodes.map((node) => node.html)])).toEqual([]);
  await saved(page);

  const { markdown } = await exportMarkdown(officer.ctx, { id });
  const file = /files\/([0-9a-f-]{36})\/content/.exec(markdown)![1]!;
  expect(markdown).toContain(`![益子の窯](${instance().origin}/files/${file}/content#width=10)`);
  const still = await page.request.get(addressOf(id));
  expect(await still.text()).toContain(`<img src="/files/${file}/content" alt="益子の窯"`);
});

test('several that are dropped; the folder is made once; text with a picture of itself stays text', async ({
  browser,
}) => {
  const folder = await house.folder(officer, space, '打合せ');
  const page = await open(browser, await docIn('ここへ。', folder));
  await give(page, 'drop', [
    { name: '一枚目.png', bytes: png(40, 30) },
    { name: '二枚目.png', bytes: png(30, 40) },
  ]);
  await expect(pictures(page)).toHaveCount(2);
  expect((await titlesIn(folder)).filter((title) => title === 'folder 画像')).toHaveLength(1);
  await editorOf(page).locator('p').first().click();
  await page.keyboard.press('End');
  await give(page, 'paste', [{ name: 'image.png', bytes: png(9, 9) }], '表計算の文字');
  await expect(editorOf(page)).toContainText('ここへ。表計算の文字');
  await expect(pictures(page)).toHaveCount(2);
  // Nothing foreign, nothing as data.
  await editorOf(page).evaluate((field) => {
    const data = new DataTransfer();
    data.setData(
      'text/html',
      '<p>写し<img src="data:image/png;base64,AAAA"><img src="https://else.jp/x.png"></p>',
    );
    field.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  await expect(editorOf(page)).toContainText('写し');
  await expect(pictures(page)).toHaveCount(2);
  await expect(editorOf(page).locator('img[src^="data:"], img[src^="http"]')).toHaveCount(0);
});

test('while the line is away it waits with its place, and comes when the line is back', async ({
  browser,
}) => {
  const page = await open(browser, await docIn('圏外の現場で。'));
  await saved(page);
  await page.route('**/files/uploads**', (route) => route.abort());
  await editorOf(page).locator('p').first().click();
  await give(page, 'paste', [{ name: '現場.png', bytes: png(50, 50) }]);
  const coming = page.locator('[data-image-coming]');
  await expect(coming).toContainText('接続を待っています');
  await page.keyboard.type('続けて書ける。');
  await expect(editorOf(page)).toContainText('続けて書ける。');
  await page.unroute('**/files/uploads**');
  await expect(pictures(page)).toHaveCount(1, { timeout: 60_000 });
  await expect(coming).toHaveCount(0);
});

test('where one may not put pictures, plain words say so, and the picture stays at hand', async ({
  browser,
}) => {
  const folder = await house.folder(officer, space, '預かり');
  const id = await docIn('書けるのはこの文書だけ。', folder);
  const helper = await house.person('手伝い 三郎', { organisation: '茂木町' });
  await house.give(officer, helper, id, 'editor');
  const page = await open(browser, id, helper);
  await editorOf(page).locator('p').first().click();
  await give(page, 'paste', [{ name: '写真.png', bytes: png(20, 20) }]);
  const coming = page.locator('[data-image-coming]');
  await expect(coming.getByRole('alert')).toContainText('画像を置く権限がありません');
  await give(page, 'paste', [{ name: '爆弾.png', bytes: png(30_000, 30_000, 1) }]);
  await expect(coming.nth(1)).toContainText('大きすぎます');
  await coming.nth(1).getByRole('button', { name: 'やめる' }).click();
  await expect(coming).toHaveCount(1);
  expect(await titlesIn(folder)).toEqual(['doc 現地の記録']);
});

test('one that the vault holds is chosen by its name, from the slash menu', async ({ browser }) => {
  await putFile(officer, { spaceId: space, name: 'ロゴ.png', content: png(64, 64) });
  await putFile(officer, { spaceId: space, name: '配置図.png', content: png(64, 64) });
  const page = await open(browser, await docIn('表紙'));
  await editorOf(page).locator('p').first().click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('/がぞう');
  await expect(page.getByRole('option', { name: '画像' })).toBeVisible();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: '画像を入れる' });
  await dialog.getByRole('searchbox', { name: '名前で探す' }).fill('ろご');
  await expect(dialog.getByRole('button', { name: '配置図.png' })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'ロゴ.png' }).click();
  await expect(pictures(page)).toHaveCount(1);
  await shows(page);
});

test('whoever may not see the file sees a quiet place, in the editor and on the still page', async ({
  browser,
}) => {
  const hidden = await house.folder(officer, space, '庁内だけ');
  const file = await putFile(officer, {
    spaceId: space,
    name: '名簿.png',
    content: png(64, 64),
    parentId: hidden,
  });
  const id = await docIn(`見える文。\n\n![名簿の写し](/files/${file}/content)`);
  const guest = await house.person('来訪 花子', { organisation: '益子町' });
  await house.give(officer, guest, id, 'viewer');
  const page = await open(browser, id, guest);
  await expect(editorOf(page)).toContainText('見える文。');
  await expect(pictures(page)).toContainText('この画像は表示できません');
  await expect(page.getByRole('button', { name: '説明を書く' })).toHaveCount(0);
  const previewer = await house.person('見るだけ 四郎', { organisation: '益子町' });
  await house.give(officer, previewer, id, 'previewer');
  const still = await (await browserOf(browser, previewer)).newPage();
  // The live channel would end the page: who may only look keeps what the server wrote.
  let opened = 0;
  still.on('websocket', (socket) => (opened += Number(socket.url().includes('/sync/'))));
  await still.goto(addressOf(id));
  await expect(still.locator('.document figure')).toContainText('この画像は表示できません');
  expect(opened).toBe(0);
});
