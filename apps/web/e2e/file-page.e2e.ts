import AxeBuilder from '@axe-core/playwright';
import { createHash } from 'node:crypto';
import type { Page } from '@playwright/test';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { expect as asked, test } from './test.ts';
import { pdf, png, putFile, shiftJis, wav } from './vault-files.ts';

// What is tested is that it comes, also on a busy machine.
const expect = asked.configure({ timeout: 40_000 });
test.describe.configure({ timeout: 240_000 });

let house: House;
let officer: Person;
let space: string;

test.beforeAll(async () => {
  house = await openHouse();
  ({ id: space, officer } = await house.space('資料の閲覧'));
});
test.afterAll(() => house.close());

const put = (name: string, content: Buffer | string, parentId: string | null = null) =>
  putFile(officer, { spaceId: space, name, content, parentId });
const addressOf = (id: string) => `${instance().origin}/s/${space}/file/${id}`;

async function open(
  browser: Parameters<typeof browserOf>[0],
  id: string,
  person = officer,
  options = {},
): Promise<Page> {
  const page = await (await browserOf(browser, person, { reducedMotion: 'reduce', ...options })).newPage();
  await page.goto(addressOf(id));
  return page;
}

const preview = (page: Page) => page.getByRole('region', { name: '内容', exact: true });
const title = (page: Page) => page.getByRole('textbox', { name: 'ファイルの名前' });

async function holds(page: Page): Promise<void> {
  for (const width of [1440, 768, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
      .toBeLessThanOrEqual(0);
  }
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 720 });
}

test('a picture: facts, zoom by keys, the checksum, a name written where it stands', async ({ browser }) => {
  const bytes = png(64, 48);
  const page = await open(browser, await put('配置図.png', bytes));
  const picture = preview(page).getByRole('img', { name: '配置図.png' });
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(64);
  await expect(preview(page)).toContainText('64 × 48 px');
  const percent = preview(page).getByRole('button', { name: /表示の大きさ/ });
  await expect(percent).toHaveText('100%');
  await page.keyboard.press('+');
  await expect(percent).toHaveText('125%');
  await page.keyboard.press('0');
  await expect(percent).toHaveText('100%');
  const about = page.getByRole('complementary', { name: 'このファイルについて' });
  await expect(about).toContainText('画像（PNG）');
  await expect(about).toContainText('県庁 太郎');
  await about.getByText('くわしい情報').click();
  await expect(about.locator('[data-checksum]')).toHaveText(createHash('sha256').update(bytes).digest('hex'));
  await holds(page);
  await title(page).fill('新しい配置図.png');
  await title(page).press('Enter');
  await expect(page.getByRole('navigation', { name: '今いる場所' })).toContainText('新しい配置図.png');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'ダウンロード', exact: true }).click();
  expect((await download).suggestedFilename()).toBe('新しい配置図.png');
});

test('a PDF in Japanese that holds no font: drawn, with words to select and to find', async ({ browser }) => {
  const asked: string[] = [];
  const id = await put('議案.pdf', pdf(['県と町の会議資料', '二ページ目', '令和八年度の予算案']));
  const context = await browserOf(browser, officer);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  context.on('response', (answer) => {
    if (answer.url().includes('/cmaps/')) asked.push(`${new URL(answer.url()).origin} ${answer.status()}`);
  });
  await page.goto(addressOf(id));
  const first = page.getByRole('group', { name: '1ページ', exact: true });
  await expect(first).toHaveAttribute('data-drawn', 'true');
  await expect(first).toContainText('県と町の会議資料');
  expect(new Set(asked)).toEqual(new Set([`${instance().origin} 200`]));
  const dark = await first.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, at) => at % 4 === 0 && value < 100).length;
  });
  expect(dark).toBeGreaterThan(200);
  await page.getByRole('searchbox', { name: 'PDFの中を探す' }).fill('予算');
  await page.keyboard.press('Enter');
  await expect(page.getByText('1 / 1件')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'ページ', exact: true })).toHaveValue('3');
  await page.getByRole('button', { name: '前のページ' }).click();
  await expect(page.getByRole('textbox', { name: 'ページ', exact: true })).toHaveValue('2');
  await expect(page.getByRole('group', { name: '2ページ', exact: true })).toHaveAttribute(
    'data-drawn',
    'true',
  );
  await holds(page);
  expect(errors).toEqual([]);
});

test('a PDF behind a password asks for it; a damaged one says so', async ({ browser }) => {
  const page = await open(browser, await put('人事.pdf', pdf(['内密の資料'], { password: 'himitsu' })));
  await expect(page.getByText('このPDFはパスワードで守られています')).toBeVisible({ timeout: 30_000 });
  await page.getByLabel('PDFのパスワード').fill('chigau');
  await page.keyboard.press('Enter');
  await expect(page.getByText('パスワードが違います。')).toBeVisible();
  await page.getByLabel('PDFのパスワード').fill('himitsu');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: '1ページ', exact: true })).toContainText('内密の資料');
  await page.goto(addressOf(await put('壊れた.pdf', '%PDF-1.7\nここから先がない')));
  await expect(page.locator('[data-preview-failed]')).toContainText('壊れているようです');
});

test('text and tables, also in Shift_JIS; what is long says how much of it is shown', async ({ browser }) => {
  const csv = shiftJis('町,人口,"備考"\n益子町,21898,"陶器, 市\n春と秋"\n茂木町,11396\n');
  const page = await open(browser, await put('人口.csv', csv));
  const table = page.getByRole('table', { name: '人口.csvの内容' });
  await expect(table.getByRole('columnheader', { name: '人口' })).toBeVisible();
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(table.getByRole('cell', { name: '陶器, 市 春と秋' })).toBeVisible();
  await expect(preview(page)).toContainText('SHIFT_JIS');
  await holds(page);

  const rows = Array.from({ length: 1_500 }, (_, at) => `${at},${'あ'.repeat(at % 3)}`).join('\n');
  await page.goto(addressOf(await put('長い.csv', rows)));
  await expect(preview(page)).toContainText('はじめの1,000行まで');
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(1_000);

  await page.goto(addressOf(await put('覚書.md', '# 目的\n\n<script>window.ran = 1</script>\n')));
  await expect(preview(page).locator('pre')).toContainText('# 目的');
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);

  await page.goto(addressOf(await put('記録.log', '縁側の記録\n'.repeat(80_000))));
  await expect(preview(page)).toContainText('はじめの1 MBまで');
  await page.goto(addressOf(await put('空.txt', '')));
  await expect(preview(page)).toContainText('空のファイルです');
});

test('sound and pictures that move are played by the browser, by ranges', async ({ browser }) => {
  const page = await open(browser, await put('あいさつ.wav', wav()));
  const audio = preview(page).locator('audio');
  await expect.poll(() => audio.evaluate((sound: HTMLAudioElement) => sound.duration)).toBeCloseTo(1, 1);
  const film = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
    const draw = setInterval(() => canvas.getContext('2d')!.fillRect(0, 0, Math.random() * 64, 48), 20);
    canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.start(50);
    while (parts.reduce((sum, part) => sum + part.size, 0) < 2_000)
      await new Promise((next) => setTimeout(next, 50));
    await new Promise((ended) => {
      recorder.onstop = ended;
      recorder.stop();
    });
    clearInterval(draw);
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  await page.goto(addressOf(await put('現地.webm', Buffer.from(film))));
  const video = preview(page).locator('video');
  await expect.poll(() => video.evaluate((shown: HTMLVideoElement) => shown.videoWidth)).toBe(64);
});

test('pages and drawings with scripts are shown and never run', async ({ browser }) => {
  const script = '<script>window.ran = 1; alert(1)</script>';
  const html = await put(
    '案内.html',
    `<!doctype html><title>x</title>${script}<img src=x onerror="window.ran=1">`,
  );
  const page = await open(browser, html);
  page.on('dialog', () => expect(false, 'a script ran').toBe(true));
  await expect(preview(page).locator('pre')).toContainText('window.ran = 1');
  const svg = await put(
    '図.svg',
    `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60" onload="window.ran=1">${script}<rect width="80" height="60" fill="teal"/></svg>`,
  );
  await page.goto(addressOf(svg));
  const picture = preview(page).getByRole('img', { name: '図.svg' });
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(80);
  expect(await picture.getAttribute('src')).toMatch(/^data:image\/svg\+xml,/);
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  for (const id of [html, svg]) {
    const answer = await page.request.get(`${instance().origin}/files/${id}/content`);
    expect(answer.headers()['content-type']).toBe('application/octet-stream');
    expect(answer.headers()['content-disposition']).toMatch(/^attachment/);
    expect(answer.headers()['content-security-policy']).toContain('sandbox');
    expect(answer.headers()['x-content-type-options']).toBe('nosniff');
  }
});

test('a picture of 900 million pixels is told by its size, and the page lives', async ({ browser }) => {
  const page = await open(browser, await put('爆弾.png', png(30_000, 30_000, 1)));
  await expect(preview(page)).toContainText('30,000 × 30,000 ピクセル');
  await expect(preview(page).locator('img')).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'ダウンロード', exact: true })).toBeVisible();
});

test('versions: another one by the button, an older one seen, restored, taken back and named', async ({
  browser,
}) => {
  const id = await put('原案.txt', 'はじめの案');
  const page = await open(browser, id);
  await expect(preview(page).locator('pre')).toHaveText('はじめの案');
  await page
    .locator('main input[type=file]')
    .setInputFiles({ name: '別名.txt', mimeType: 'text/plain', buffer: Buffer.from('二番目の案') });
  await expect(preview(page).locator('pre')).toHaveText('二番目の案');
  await expect(title(page)).toHaveValue('原案.txt');
  const list = page.locator('[data-versions]');
  await expect(list.getByRole('listitem')).toHaveCount(2);

  await list.getByRole('link', { name: '第1版' }).click();
  await expect(preview(page).locator('pre')).toHaveText('はじめの案');
  await expect(page.getByText('を見ています。最新は第2版です。')).toBeVisible();
  expect(new URL(page.url()).searchParams.get('v')).toBe('1');
  await page.getByRole('button', { name: 'この版に戻す' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(3);
  await expect(preview(page).locator('pre')).toHaveText('はじめの案');
  await expect(list).toContainText('第1版を戻したもの');
  await page.getByRole('button', { name: '元に戻す' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(4);
  await expect(preview(page).locator('pre')).toHaveText('二番目の案');

  await list.getByRole('button', { name: /第1版の操作|第1版/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: '第1版に名前を付ける' }).click();
  await page.getByLabel('版の名前').fill('提出版');
  await page.keyboard.press('Enter');
  await expect(list.getByRole('link', { name: '提出版' })).toBeVisible();
  await holds(page);
});

test('to the files beside it by keys; another space or kind in the address leads here', async ({
  browser,
}) => {
  const folder = await house.folder(officer, space, '写真');
  const [a, b] = [await put('一.txt', '一', folder), await put('二.txt', '二', folder)];
  const page = await open(browser, a);
  await expect(preview(page).locator('pre')).toHaveText('一');
  await page.keyboard.press('ArrowRight');
  await expect(preview(page).locator('pre')).toHaveText('二');
  expect(page.url()).toBe(addressOf(b));
  await page.getByRole('link', { name: '前のファイル' }).click();
  await expect(preview(page).locator('pre')).toHaveText('一');
  await title(page).focus();
  await page.keyboard.press('ArrowRight');
  await expect(title(page)).toBeFocused();
  expect(page.url()).toBe(addressOf(a));
  await page.goto(`${instance().origin}/s/${space}/doc/${a}`);
  await expect(page).toHaveURL(addressOf(a));
});

test('a stranger finds nothing; who may only view is told, and given nothing to take', async ({
  browser,
}) => {
  const id = await put('庁内.pdf', pdf(['secret']));
  const stranger = await house.person('通りすがり', { organisation: '別の市' });
  const away = await open(browser, id, stranger);
  await expect(away.getByText('見つかりません').first()).toBeVisible();
  const previewer = await house.person('見るだけ 花子', { organisation: '益子町' });
  await house.give(officer, previewer, id, 'previewer');
  const page = await open(browser, id, previewer);
  await expect(preview(page)).toContainText('閲覧のみの権限では');
  await expect(page.getByRole('link', { name: /ダウンロード/ })).toHaveCount(0);
  await expect(page.locator('canvas')).toHaveCount(0);
  expect((await page.request.get(`${instance().origin}/files/${id}/content`)).status()).toBe(403);
});

test('without script the facts are read, and the file is taken home', async ({ browser }) => {
  const id = await put('配布資料.pdf', pdf(['配布']));
  const page = await open(browser, id, officer, { javaScriptEnabled: false });
  await expect(page.getByRole('complementary', { name: 'このファイルについて' })).toContainText('PDF');
  expect(await page.content()).toContain('JavaScriptが要ります');
  await expect(page.getByRole('link', { name: 'ダウンロード', exact: true })).toHaveAttribute(
    'href',
    `/files/${id}/content?v=1&download`,
  );
});
