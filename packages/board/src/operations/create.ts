import type { Board } from '../model/board.ts';
import type { Bounds, Colour, End, Kind, Shape, Style } from '../model/element.ts';
import { ordersBetween } from '../model/order.ts';
import { demandRoom, writeElement, type NewElement } from '../model/write.ts';
import { packInk, type InkPoint } from '../geometry/ink.ts';
import { rectAround, type Point } from '../geometry/rect.ts';

/** Size of a new sticky note, and the gap between notes laid out by the program. */
export const NOTE = { w: 200, h: 200, gap: 24 } as const;

const topOf = (board: Board) => board.ordered().at(-1)?.z ?? null;

/** The keys of `count` new elements above everything. */
export const ordersOnTop = (board: Board, count: number) => ordersBetween(topOf(board), null, count);

/** Makes elements above all others, in one transaction. All or nothing: the first wrong one throws `Invalid`. */
export function createAll(board: Board, made: readonly Omit<NewElement, 'z'>[]): string[] {
  demandRoom(board, made.length);
  const orders = ordersOnTop(board, made.length);
  return board.change(() =>
    made.map((element, index) => writeElement(board, { ...element, z: orders[index]! })),
  );
}

export const create = (board: Board, element: Omit<NewElement, 'z'>): string =>
  createAll(board, [element])[0]!;

/** A sticky note with its middle at `at`. */
export function createNote(board: Board, at: Point, text = '', fill: Colour = 'yellow'): string {
  const { w, h } = NOTE;
  return create(board, { kind: 'note', x: at.x - w / 2, y: at.y - h / 2, w, h, text, style: { fill } });
}

export const createShape = (board: Board, kind: Shape | 'text' | 'frame', bounds: Bounds, style?: Style) =>
  create(board, { kind: kind as Kind, ...bounds, style });

/** A pen stroke through board points. Null when there are none. */
export function createInk(board: Board, points: readonly InkPoint[], style?: Style): string | null {
  const rect = rectAround(points);
  if (rect === null) return null;
  const relative = points.map((point) => ({ ...point, x: point.x - rect.x, y: point.y - rect.y }));
  return create(board, { kind: 'pen', ...rect, ink: packInk(relative, rect), style });
}

export const createConnector = (board: Board, from: End, to: End, style?: Style) =>
  create(board, { kind: 'connector', from, to, style });

/** An image of the vault: `file` is its id there, `text` says what is to be seen. */
export const createImage = (board: Board, file: string, bounds: Bounds, text = '') =>
  create(board, { kind: 'image', ...bounds, file, text });
