import AxeBuilder from '@axe-core/playwright';
import type { CDPSession } from '@playwright/test';
import {
  cameraOf,
  canvasOf,
  fieldOf,
  holds,
  middleOf,
  newBoard,
  onScreen,
  openBoard,
  pasteText,
  stored,
} from './board-hands.ts';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { expect, test } from './test.ts';

let house: House;
let officer: Person;
let space: string;

test.beforeAll(async () => {
  house = await openHouse();
  ({ id: space, officer } = await house.space('指のしけん'));
});
test.afterAll(() => house.close());

test.describe.configure({ timeout: 180_000 });

const PHONE = {
  serviceWorkers: 'block',
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

type Point = { x: number; y: number };
const touch = (session: CDPSession, type: 'touchStart' | 'touchMove' | 'touchEnd', points: Point[]) =>
  session.send('Input.dispatchTouchEvent', {
    type,
    touchPoints: points.map((point, id) => ({ ...point, id })),
  });

test('on a phone: a note by finger, one finger moves the view, two zoom, and the page stays', async ({
  browser,
}) => {
  const board = await newBoard(house, officer, space);
  const page = await (await browserOf(browser, officer, PHONE)).newPage();
  await openBoard(page, board);
  await page.getByRole('button', { name: '付せん', exact: true }).tap();
  await page.touchscreen.tap(200, 400);
  await expect(fieldOf(page)).toBeFocused();
  await page.keyboard.type('指で書いた');
  await page.keyboard.press('Escape');
  await holds(house, board.id, ['指で書いた']);
  const session = await page.context().newCDPSession(page);
  const before = await cameraOf(page);
  // Beside the note: one finger on the bare board.
  await touch(session, 'touchStart', [{ x: 60, y: 640 }]);
  await touch(session, 'touchMove', [{ x: 100, y: 660 }]);
  await touch(session, 'touchMove', [{ x: 160, y: 690 }]);
  await touch(session, 'touchEnd', []);
  await expect.poll(async () => (await cameraOf(page)).x).toBeLessThan(before.x - 40);
  const { zoom } = await cameraOf(page);
  await touch(session, 'touchStart', [
    { x: 150, y: 500 },
    { x: 250, y: 500 },
  ]);
  await touch(session, 'touchMove', [
    { x: 100, y: 500 },
    { x: 300, y: 500 },
  ]);
  await touch(session, 'touchEnd', []);
  await expect.poll(async () => (await cameraOf(page)).zoom).toBeGreaterThan(zoom * 1.5);
  expect(await page.evaluate(() => [visualViewport!.scale, scrollY])).toEqual([1, 0]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  expect(wide).toBe(true);
});

test('on a phone a note is chosen, coloured and moved by finger', async ({ browser }) => {
  const board = await newBoard(house, officer, space);
  const page = await (await browserOf(browser, officer, PHONE)).newPage();
  await openBoard(page, board);
  await canvasOf(page).focus();
  await pasteText(page, '動かす');
  await holds(house, board.id, ['動かす']);
  await page.getByRole('button', { name: '色', exact: true }).tap();
  await page.getByRole('button', { name: '青', exact: true }).tap();
  await expect.poll(async () => (await stored(house, board.id))[0]?.style.fill).toBe('blue');
  const chosen = page.getByRole('toolbar', { name: '選んだもの' });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: '青', exact: true })).toHaveCount(0);
  await canvasOf(page).press('Escape');
  await expect(chosen).toHaveCount(0);
  const [note] = await stored(house, board.id);
  const { x, y } = await onScreen(page, middleOf(note!));
  const session = await page.context().newCDPSession(page);
  const slide = async (from: Point, down: number): Promise<void> => {
    await touch(session, 'touchStart', [from]);
    await touch(session, 'touchMove', [{ x: from.x + 20, y: from.y + down / 4 }]);
    await touch(session, 'touchMove', [{ x: from.x + 40, y: from.y + down }]);
    await touch(session, 'touchEnd', []);
  };
  // Not chosen: looking around displaces nothing.
  const before = await cameraOf(page);
  await slide({ x, y }, 60);
  await expect.poll(async () => (await cameraOf(page)).y).toBeLessThan(before.y - 50 / before.zoom);
  expect((await stored(house, board.id))[0]!.y).toBe(note!.y);
  const now = await onScreen(page, middleOf(note!));
  await page.touchscreen.tap(now.x, now.y);
  await expect(chosen).toBeVisible();
  await slide(now, 120);
  await expect.poll(async () => (await stored(house, board.id))[0]!.y).toBeGreaterThan(note!.y + 50);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
