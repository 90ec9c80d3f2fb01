import { expect, type Page } from '@playwright/test';
import { type Board, createAll, NOTE } from '@engawa/board';
import { boardWith, newBoard as emptyBoard, storedBoard } from './board-hands.ts';
import type { House, Person } from './house.ts';

/** Where a note's middle is on the board, and what it says. */
export interface Note {
  text: string;
  x: number;
  y: number;
}

/** A board with these notes on it. Returns its id and address. */
export async function newBoard(
  house: House,
  by: Person,
  spaceId: string,
  notes: Note[] = [],
  title = 'みんなの板',
): Promise<{ id: string; path: string }> {
  const { w, h } = NOTE;
  const made = notes.map(({ text, x, y }) => ({
    ...{ kind: 'note' as const, text },
    ...{ x: x - w / 2, y: y - h / 2, w, h },
  }));
  const draw = (board: Board): void => void createAll(board, made);
  const { id } = await (notes.length > 0
    ? boardWith(house, by, spaceId, draw, title)
    : emptyBoard(house, by, spaceId, title));
  return { id, path: `/s/${spaceId}/board/${id}` };
}

/** The board as it is in the journal. */
export const stored = storedBoard;

/** The texts on the stored board, sorted. */
export async function storedTexts(house: House, id: string): Promise<string[]> {
  return [...(await stored(house, id)).elements.values()].map(({ text }) => text).sort();
}

/** Waits until the canvas has taken the place of the words, and shows the whole board. */
export async function boardReady(page: Page): Promise<void> {
  await expect(page.locator('[data-board="ready"]')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: '全体を見る' }).click();
}

/** The keyboard on the canvas. */
export const toCanvas = (page: Page) => page.locator('[data-board-canvas]').focus();

/**
 * Where a board point is on the screen while the whole board is in view at 100 %: its middle is in the middle of the
 * canvas.
 */
export async function onScreen(page: Page, middle: { x: number; y: number }, at: { x: number; y: number }) {
  const box = (await page.locator('[data-board-canvas]').boundingBox())!;
  return {
    x: Math.round(box.x + box.width / 2 + at.x - middle.x),
    y: Math.round(box.y + box.height / 2 + at.y - middle.y),
  };
}

/** What is painted at a point of the screen, as `r,g,b`: what is in hand lies above the board. */
export async function colourAt(page: Page, { x, y }: { x: number; y: number }): Promise<string> {
  return page.evaluate(
    ([left, top]) => {
      const layers = [...document.querySelectorAll<HTMLCanvasElement>('[data-board] canvas')].slice(0, 2);
      for (const canvas of layers.reverse()) {
        const box = canvas.getBoundingClientRect();
        const scale = canvas.width / box.width;
        const at = [(left! - box.left) * scale, (top! - box.top) * scale] as const;
        const [r, g, b, a] = canvas.getContext('2d')!.getImageData(...at, 1, 1).data;
        if (a! > 200) return `${r},${g},${b}`;
      }
      return 'nothing';
    },
    [x, y],
  );
}

/** How many pixels of hands, pointers and light are painted in a part of the screen. */
export async function paintedIn(page: Page, area: { x: number; y: number; w: number; h: number }) {
  return page.evaluate(({ x, y, w, h }) => {
    const canvas = document.querySelectorAll<HTMLCanvasElement>('[data-board] canvas')[1]!;
    const box = canvas.getBoundingClientRect();
    const { data } = canvas.getContext('2d')!.getImageData(x - box.left, y - box.top, w, h);
    return data.filter((value, index) => index % 4 === 3 && value > 0).length;
  }, area);
}
