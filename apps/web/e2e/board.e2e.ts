import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { remove } from '@engawa/board';
import {
  cameraOf,
  canvasOf,
  drag,
  drawOn,
  fieldOf,
  holds,
  middleOf,
  newBoard,
  onScreen,
  openBoard,
  pasteText,
  ready,
  stored,
  storedBoard,
  writeNote,
} from './board-hands.ts';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect, test } from './test.ts';
import { compose, saved } from './writing.ts';

let house: House;
let officer: Person;
let clerk: Person;
let space: string;

test.beforeAll(async () => {
  house = await openHouse();
  ({ id: space, officer } = await house.space('ボードのしけん'));
  clerk = await house.person('町役場 次郎', { organisation: '益子町' });
  await house.give(officer, clerk, space, 'editor');
});
test.afterAll(() => house.close());

test.describe.configure({ timeout: 180_000 });

type Browser = Parameters<typeof browserOf>[0];
const pageOf = async (browser: Browser, person: Person, options = {}): Promise<Page> =>
  // What a service worker keeps for later is no matter here, and fetching it makes a busy machine busier.
  (await browserOf(browser, person, { serviceWorkers: 'block', ...options })).newPage();

async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('main').analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

test('a new board invites; notes by its button, by double click and by keyboard alone', async ({
  browser,
}) => {
  const page = await pageOf(browser, officer);
  await page.goto(`${instance().origin}/s/${space}`);
  const line = page.getByRole('menuitem', { name: '新しいボード' });
  // A click before the page has woken up opens nothing.
  await expect(async () => {
    await page.getByRole('button', { name: '追加' }).first().click();
    await expect(line).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 30_000 });
  await line.click();
  await ready(page);
  const id = page.url().split('/').at(-1)!;
  await accessible(page);
  await page.getByRole('button', { name: '付せんを貼る' }).click();
  await expect(fieldOf(page)).toBeFocused();
  await page.keyboard.type('一枚め');
  // Tab: the next note, beside it.
  await page.keyboard.press('Tab');
  await expect(fieldOf(page)).toBeFocused();
  await expect(fieldOf(page)).toHaveValue('');
  await page.keyboard.type('二枚め');
  await page.keyboard.press('Enter');
  await page.keyboard.type('の二行め');
  await page.keyboard.press('Escape');
  await holds(house, id, ['一枚め', '二枚め\nの二行め']);
  await expect(canvasOf(page)).toBeFocused();
  // The tool by its key, Enter puts it down.
  await page.keyboard.press('n');
  await page.keyboard.press('Enter');
  await expect(fieldOf(page)).toBeFocused();
  await page.keyboard.type('キーだけで');
  await page.keyboard.press('Escape');
  await holds(house, id, ['一枚め', '二枚め\nの二行め', 'キーだけで']);
  await saved(page);
  await page.reload();
  await ready(page);
  await holds(house, id, ['一枚め', '二枚め\nの二行め', 'キーだけで']);
  const all = await stored(house, id);
  const { x, y } = await onScreen(page, middleOf(all[0]!));
  await page.mouse.click(x, y);
  await expect(page.getByRole('toolbar', { name: '選んだもの' })).toBeVisible();
  await accessible(page);
});

test('Japanese is composed in a note while somebody else writes in it', async ({ browser }) => {
  const board = await newBoard(house, officer, space);
  const [mine, theirs] = [await pageOf(browser, officer), await pageOf(browser, clerk)];
  await openBoard(mine, board);
  await writeNote(mine, { x: 0, y: 180 }, '集合：');
  await holds(house, board.id, ['集合：']);
  await openBoard(theirs, board);
  const [note] = await stored(house, board.id);
  for (const page of [mine, theirs]) {
    const { x, y } = await onScreen(page, middleOf(note!));
    await page.mouse.dblclick(x, y);
    await expect(fieldOf(page)).toHaveValue('集合：');
  }
  await mine.keyboard.press('ControlOrMeta+End');
  await compose(mine, ['に', 'にほ', 'にほん'], '');
  await theirs.keyboard.press('ControlOrMeta+Home');
  await theirs.keyboard.type('X');
  await holds(house, board.id, ['X集合：']);
  await compose(mine, ['にほんまつ'], '二本松');
  await holds(house, board.id, ['X集合：二本松']);
  await expect(fieldOf(theirs)).toHaveValue('X集合：二本松');
  await expect(fieldOf(mine)).toHaveValue('X集合：二本松');
  // The Enter that ended the conversion ended nothing else: the field is still open.
  await mine.keyboard.type('駅');
  await holds(house, board.id, ['X集合：二本松駅']);
});

test('whoever writes in a note that another takes away keeps the words, half converted ones too', async ({
  browser,
}) => {
  const board = await newBoard(house, officer, space);
  const page = await pageOf(browser, officer);
  await openBoard(page, board);
  await writeNote(page, { x: 0, y: 180 }, '案：');
  await holds(house, board.id, ['案：']);
  await page.keyboard.press('Enter');
  await expect(fieldOf(page)).toBeFocused();
  const session = await page.context().newCDPSession(page);
  for (const text of ['のり', 'のりあ', 'のりあい']) {
    await session.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
  }
  await expect(fieldOf(page)).toHaveValue('案：のりあい');
  await drawOn(house, clerk, board.id, (theirs) => remove(theirs, theirs.elements.keys()));
  await expect(fieldOf(page)).toHaveCount(0);
  await expect(page.getByText('ほかの人に消されたか')).toBeVisible();
  await expect(canvasOf(page)).toBeFocused();
  await page.getByRole('button', { name: '付せんにする' }).click();
  await holds(house, board.id, ['案：のりあい']);
});

test('move, connect, group and lock; a connector stays attached', async ({ browser }) => {
  const board = await newBoard(house, officer, space);
  const page = await pageOf(browser, officer);
  await openBoard(page, board);
  await writeNote(page, { x: -250, y: 160 }, '甲');
  await writeNote(page, { x: 250, y: 160 }, '乙');
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  await drag(page, { x: -250, y: 160 }, { x: 250, y: 160 });
  const kinds = async () => (await stored(house, board.id)).map(({ kind }) => kind);
  await expect.poll(kinds).toContain('connector');
  const find = async (text: string) => (await stored(house, board.id)).find((one) => one.text === text)!;
  const route = async () => {
    const now = await storedBoard(house, board.id);
    const line = now.ordered().find(({ kind }) => kind === 'connector')!;
    return { ends: [line.from?.id, line.to?.id], points: now.routeOf(line).points };
  };
  const before = await route();
  expect(before.ends).toEqual([(await find('甲')).id, (await find('乙')).id]);
  await page.keyboard.press('Escape');
  await drag(page, { x: -250, y: 200 }, { x: -250, y: 0 });
  await expect.poll(async () => (await find('甲')).y).toBeLessThan(0);
  const after = await route();
  expect(after.ends).toEqual(before.ends);
  expect(after.points[0]!.y).toBeLessThan(before.points[0]!.y - 50);
  // Together, and held fast.
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+g');
  await expect.poll(kinds).toContain('group');
  await page.keyboard.press('ControlOrMeta+Shift+l');
  await expect
    .poll(async () => (await stored(house, board.id)).find(({ kind }) => kind === 'group')?.locked)
    .toBe(true);
  const { y } = await find('乙');
  await drag(page, { x: 250, y: 160 }, { x: 250, y: -100 });
  await page.keyboard.press('Escape');
  // Something that can be waited for, made after the drag that must do nothing.
  await writeNote(page, { x: 100, y: -180 }, '丙');
  await holds(house, board.id, ['', '', '丙', '乙', '甲']);
  expect((await find('乙')).y).toBe(y);
});

test('undo takes back one’s own and nobody else’s', async ({ browser }) => {
  const board = await newBoard(house, officer, space);
  const [mine, theirs] = [await pageOf(browser, officer), await pageOf(browser, clerk)];
  await Promise.all([openBoard(mine, board), openBoard(theirs, board)]);
  await writeNote(mine, { x: -250, y: 160 }, '自分の');
  await holds(house, board.id, ['自分の']);
  await writeNote(theirs, { x: 250, y: 160 }, '相手の');
  await holds(house, board.id, ['自分の', '相手の']);
  await mine.getByRole('button', { name: '元に戻す（自分の操作）' }).click();
  await mine.getByRole('button', { name: '元に戻す（自分の操作）' }).click();
  await holds(house, board.id, ['相手の']);
  await mine.getByRole('button', { name: 'やり直す' }).click();
  await mine.getByRole('button', { name: 'やり直す' }).click();
  await holds(house, board.id, ['自分の', '相手の']);
});

test('copied to another board; pasted lines become notes; bad pastes are refused in words', async ({
  browser,
}) => {
  const [one, two] = [await newBoard(house, officer, space), await newBoard(house, officer, space, '二つめ')];
  const page = await pageOf(browser, officer, { permissions: ['clipboard-read', 'clipboard-write'] });
  await openBoard(page, one);
  await canvasOf(page).focus();
  await pasteText(page, '・一行め\n・二行め\n\n三行め');
  await holds(house, one.id, ['一行め', '二行め', '三行め']);
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+c');
  await openBoard(page, two);
  await canvasOf(page).focus();
  await page.keyboard.press('ControlOrMeta+v');
  await holds(house, two.id, ['一行め', '二行め', '三行め']);
  const piece = (x: string) =>
    `{"engawa":"board","version":1,"elements":[{"id":"aaaaaaaaaa","kind":"note","x":${x},"y":0,"w":200,"h":200,"text":"悪い"}]}`;
  const says = (words: RegExp) => expect(page.getByText(words).first()).toBeVisible();
  await pasteText(page, piece('1e300'));
  await says(/貼り付けようとした内容が壊れているか/);
  await pasteText(page, piece('"NaN"'));
  await says(/貼り付けようとした内容が壊れているか/);
  await pasteText(page, 'あ'.repeat(10 * 1024 * 1024));
  await says(/一つに書けるのは10000字までです/);
  await pasteText(page, 'い\n'.repeat(2000));
  await says(/一度に付せんにできるのは500行までです/);
  await pasteText(page, '最後の行');
  await holds(house, two.id, ['一行め', '二行め', '三行め', '最後の行']);
});

test('a table from elsewhere becomes a note a row, though a picture of it comes along', async ({
  browser,
}) => {
  const board = await newBoard(house, officer, space);
  const page = await pageOf(browser, officer);
  await openBoard(page, board);
  await canvasOf(page).focus();
  await canvasOf(page).evaluate((element) => {
    const clipboardData = new DataTransfer();
    const cell =
      '<td onmouseover="window.ran = true">二行の<br>ます</td><td><script>window.ran = true</script>3</td>';
    clipboardData.setData(
      'text/html',
      `<html><table><tr>${cell}</tr><tr><td></td></tr><tr><td>益子町</td></tr></table>`,
    );
    clipboardData.setData('text/plain', '"二行の\nます"\t3\n\t\n益子町');
    clipboardData.items.add(new File(['x'], 'image.png', { type: 'image/png' }));
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await holds(house, board.id, ['二行の ます 3', '益子町']);
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
});

/** Two by two pixels, each of another colour. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAE0lEQVR4nGM4IScnd0KOQQ5MAwAcfgQRJw0IOAAAAABJRU5ErkJggg==';

test('a picture from this device goes into the vault and onto the board', async ({ browser }) => {
  const board = await newBoard(house, officer, space);
  const page = await pageOf(browser, officer);
  await openBoard(page, board);
  await page.getByRole('button', { name: '画像', exact: true }).click();
  await expect(page.getByRole('dialog', { name: '画像を選ぶ' })).toBeVisible();
  const chosen = { name: '現場の写真.png', mimeType: 'image/png', buffer: Buffer.from(PNG, 'base64') };
  await page.getByLabel('この端末から').first().setInputFiles(chosen);
  await holds(house, board.id, ['現場の写真']);
  const [image] = await stored(house, board.id);
  expect(image?.kind).toBe('image');
  const content = await page.request.get(`${instance().origin}/files/${image!.file}/content`);
  expect(Buffer.compare(await content.body(), chosen.buffer)).toBe(0);
  // It is in the space now: the next time it can be chosen there.
  await page.getByRole('button', { name: '画像', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '現場の写真.png' }).click();
  await holds(house, board.id, ['現場の写真', '現場の写真']);
});

test('exports are real files', async ({ browser }) => {
  const board = await newBoard(house, officer, space, '書き出し');
  const page = await pageOf(browser, officer);
  await openBoard(page, board);
  await pasteText(page, '<script>と & の付せん\n二枚め');
  await holds(house, board.id, ['<script>と & の付せん', '二枚め']);
  const take = async (name: string): Promise<Buffer> => {
    await page.getByRole('button', { name: '書き出す' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^書き出し\.(png|svg)$/);
    return readFile(await download.path());
  };
  const png = await take('画像（PNG）');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBeGreaterThan(400);
  const svg = (await take('図（SVG）')).toString();
  expect(svg).toContain('&lt;script&gt;');
  expect(svg).not.toContain('<script');
  const drawn = await page.evaluate(
    (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelectorAll('rect').length,
    svg,
  );
  expect(drawn).toBeGreaterThan(2);
});

test('who may only look has no tools, and no key writes', async ({ browser }) => {
  const board = await newBoard(house, officer, space);
  const page = await pageOf(browser, officer);
  await openBoard(page, board);
  await writeNote(page, { x: 0, y: 180 }, '読むだけ');
  await holds(house, board.id, ['読むだけ']);
  const reader = await house.person('見学 三郎', { organisation: '益子町' });
  await house.give(officer, reader, space, 'viewer');
  const reading = await pageOf(browser, reader);
  await openBoard(reading, board);
  await expect(reading.getByText('閲覧のみのボードです')).toBeVisible();
  await expect(reading.getByRole('toolbar', { name: 'ボードの道具' })).toHaveCount(0);
  await expect(reading.getByRole('button', { name: '書き出す' })).toBeVisible();
  await canvasOf(reading).focus();
  await reading.keyboard.press('ControlOrMeta+a');
  await reading.keyboard.press('Delete');
  await pasteText(reading, '書けない');
  const [note] = await stored(house, board.id);
  const { x, y } = await onScreen(reading, middleOf(note!));
  await reading.mouse.dblclick(x, y);
  await expect(fieldOf(reading)).toHaveCount(0);
  const before = await cameraOf(reading);
  await reading.keyboard.press('Escape');
  await reading.keyboard.press('ArrowRight');
  await expect.poll(async () => (await cameraOf(reading)).x).toBeGreaterThan(before.x);
  await holds(house, board.id, ['読むだけ']);
  await accessible(reading);
});

test('with WebSockets blocked the board is drawn as the server knows it, and says why', async ({
  browser,
}) => {
  const board = await newBoard(house, officer, space);
  const page = await pageOf(browser, officer);
  await openBoard(page, board);
  await writeNote(page, { x: 0, y: 180 }, '届いている付せん');
  await holds(house, board.id, ['届いている付せん']);
  const cut = await pageOf(browser, clerk);
  await cut.routeWebSocket(/\/sync\//, (route) => void route.close({ code: 3000 }));
  await cut.goto(board.address);
  // Readable before anything is drawn: the server has written it into the page.
  await expect(cut.getByText('届いている付せん').first()).toBeVisible();
  await expect(cut.getByText(/WebSocket）が止められている/)).toBeVisible({ timeout: 20_000 });
  await cut.getByRole('button', { name: '一覧', exact: true }).click();
  await expect(cut.locator('[data-outline]').getByText('届いている付せん')).toBeVisible();
  await expect(cut.getByRole('toolbar', { name: 'ボードの道具' })).toHaveCount(0);
});
