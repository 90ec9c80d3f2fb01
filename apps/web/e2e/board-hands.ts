import { expect, type Locator, type Page } from '@playwright/test';
import { Board, type Element } from '@engawa/board';
import { append, createItem, readDocument } from '@engawa/domain';
import { encodeStateAsUpdate, encodeStateVector } from 'yjs';
import type { House, Person } from './house.ts';
import { instance } from './instance.ts';

// What a test does on a board: the canvas holds no elements to be found, so places are worked out from what is stored.

export interface BoardPlace {
  id: string;
  address: string;
}

export async function newBoard(
  house: House,
  by: Person,
  spaceId: string,
  title = '話し合い',
): Promise<BoardPlace> {
  const { id } = await createItem(by.ctx, { spaceId, parentId: null, kind: 'board', title });
  return { id, address: `${instance().origin}/s/${spaceId}/board/${id}` };
}

/** A board with what is drawn on it, as if it had been there for long. */
export async function boardWith(
  house: House,
  by: Person,
  spaceId: string,
  draw: (board: Board) => void,
  title?: string,
): Promise<BoardPlace> {
  const place = await newBoard(house, by, spaceId, title);
  await drawOn(house, by, place.id, draw);
  return place;
}

/** Changes a board behind the browsers, as another node would. */
export async function drawOn(
  house: House,
  by: Person,
  id: string,
  draw: (board: Board) => void,
): Promise<void> {
  const doc = await readDocument(house.sql, id, 1);
  const before = encodeStateVector(doc);
  draw(new Board(doc));
  const updates = [encodeStateAsUpdate(doc, before)];
  await append(house.services, { itemId: id, generation: 1, author: by.id, updates });
}

/** What is durable of a board: its elements, below first, and where a connector's ends are. */
export async function storedBoard(house: House, id: string): Promise<Board> {
  const doc = await readDocument(house.sql, id, 1);
  return new Board(doc);
}

export async function stored(house: House, id: string): Promise<readonly Element[]> {
  return (await storedBoard(house, id)).ordered();
}

/** The texts on a board, sorted, as soon as they are these. */
export async function holds(house: House, id: string, texts: string[]): Promise<void> {
  const now = async () => (await stored(house, id)).map(({ text }) => text).sort();
  await expect.poll(now, { timeout: 20_000 }).toEqual([...texts].sort());
}

export const canvasOf = (page: Page): Locator => page.locator('[data-board-canvas]');
export const fieldOf = (page: Page): Locator => page.locator('[data-board-field]');

export async function openBoard(page: Page, { address }: BoardPlace): Promise<void> {
  await page.goto(address);
  await ready(page);
}

export async function ready(page: Page): Promise<void> {
  await expect(page.locator('[data-board="ready"]')).toBeVisible({ timeout: 60_000 });
  await expect(canvasOf(page)).toHaveAttribute('data-view', /\d/);
}

/** The camera: the board point at the top left, and how many pixels a board unit is. */
export async function cameraOf(page: Page): Promise<{ x: number; y: number; zoom: number }> {
  const [x = 0, y = 0, zoom = 1] = ((await canvasOf(page).getAttribute('data-view')) ?? '')
    .split(' ')
    .map(Number);
  return { x, y, zoom };
}

/** Where a board point is on the screen. */
export async function onScreen(page: Page, at: { x: number; y: number }): Promise<{ x: number; y: number }> {
  const { x, y, zoom } = await cameraOf(page);
  const box = (await canvasOf(page).boundingBox())!;
  return { x: box.x + (at.x - x) * zoom, y: box.y + (at.y - y) * zoom };
}

export const middleOf = ({ x, y, w, h }: Element): { x: number; y: number } => ({
  x: x + w / 2,
  y: y + h / 2,
});

export async function drag(
  page: Page,
  from: { x: number; y: number },
  to: { x: number; y: number },
): Promise<void> {
  const [a, b] = [await onScreen(page, from), await onScreen(page, to)];
  await page.mouse.move(a.x, a.y);
  await page.mouse.down();
  await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2, { steps: 4 });
  await page.mouse.move(b.x, b.y, { steps: 4 });
  await page.mouse.up();
}

/** A note at a board point, by double click, written and finished. */
export async function writeNote(page: Page, at: { x: number; y: number }, text: string): Promise<void> {
  const { x, y } = await onScreen(page, at);
  await page.mouse.dblclick(x, y);
  await expect(fieldOf(page)).toBeFocused();
  // At once: letters that come slowly, on a busy machine, would be several steps to undo.
  await page.keyboard.insertText(text);
  await page.keyboard.press('Escape');
  await expect(fieldOf(page)).toHaveCount(0);
}

/** Pastes a text as the keyboard would, without the machine's clipboard. */
export async function pasteText(page: Page, text: string): Promise<void> {
  await canvasOf(page).evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}
