import { toBoard } from '../geometry/camera.ts';
import { FRAME_TITLE, hits, touches } from '../geometry/hit.ts';
import { contains, encloses, grow, rectOf, union, type Point, type Rect } from '../geometry/rect.ts';
import { facingSide } from '../geometry/route.ts';
import { ISLAND, titleRect } from '../geometry/title.ts';
import type { Board } from '../model/board.ts';
import { SIDES, type Bounds, type Element, type End, type Side } from '../model/element.ts';
import { takenWith } from '../model/groups.ts';
import { leaves } from '../operations/selection.ts';
import { sidePoint } from '../geometry/route.ts';
import type { PointerInput } from './input.ts';
import type { Stage } from './stage.ts';

/** Screen pixels around what counts as on it. */
const REACH = { mouse: 4, pen: 6, touch: 14 } as const;

export const reachOf = (stage: Stage, device: PointerInput['device']) => REACH[device] / stage.camera.zoom;

/** The topmost element at a board point. */
export function topAt(board: Board, point: Point, reach: number): Element | null {
  // A frame's title stands outside its bounds, on any side of them once it is turned.
  const near = board.query(grow({ ...point, w: 0, h: 0 }, reach + FRAME_TITLE));
  return near.findLast((element) => hits(board.find, element, point, reach)) ?? null;
}

/** What a click at a board point takes: the element, or the group it stands for. Locked ones too: to be unlocked. */
export function takenAt(stage: Stage, board: Board, point: Point, reach: number): Element | null {
  const top = topAt(board, point, reach);
  return top ? takenWith(board.find, top, stage.inside) : titledAt(board, point);
}

/** The group whose title is at a board point, where nothing else is. */
function titledAt(board: Board, point: Point): Element | null {
  const near = board.drawnIn(grow({ ...point, w: 0, h: 0 }, FRAME_TITLE + 2 * ISLAND));
  return (
    near.findLast((element) => {
      const rect = element.kind === 'group' ? board.rectOf(element.id) : undefined;
      return rect !== undefined && contains(titleRect(element, rect), point);
    }) ?? null
  );
}

/** What a marquee takes: whatever it touches, frames only as a whole, locked things not at all. */
export function takenIn(stage: Stage, board: Board, area: Rect): Set<string> {
  const ids = new Set<string>();
  for (const element of board.query(area)) {
    if (element.locked) continue;
    const rect = board.rectOf(element.id)!;
    const taken =
      element.kind === 'frame' ? encloses(area, rectOf(element)) : touches(board.find, element, rect, area);
    if (!taken) continue;
    const whole = takenWith(board.find, element, stage.inside);
    if (!whole.locked) ids.add(whole.id);
  }
  return ids;
}

/** The box with handles around what is chosen: the element's own, turned one when it is a single one. Null for none. */
export function selectionBox(board: Board, selection: Iterable<string>): Bounds | null {
  const chosen = leaves(board, selection);
  const [only] = chosen;
  if (only !== undefined && chosen.length === 1) {
    if (only.kind === 'connector') return null;
    const { x, y, w, h, r } = only;
    return { x, y, w, h, r };
  }
  const box = union(
    chosen.map((element) => (element.kind === 'connector' ? board.rectOf(element.id)! : rectOf(element))),
  );
  return box && { ...box, r: 0 };
}

/** Where a connector's end would hang: on the nearest side near the pointer, else on the element as a whole, else free. */
export function endAt(board: Board, point: Point, reach: number, not: string | null = null): End {
  const near = board.query({ x: point.x - reach, y: point.y - reach, w: 2 * reach, h: 2 * reach });
  const target = near.findLast(
    (element) =>
      element.kind !== 'connector' &&
      element.kind !== 'frame' &&
      element.kind !== 'pen' &&
      element.id !== not &&
      hits(board.find, element, point, reach),
  );
  if (target === undefined) return { id: null, side: 'auto', ...point };
  for (const side of SIDES) {
    if (side === 'auto') continue;
    const at = sidePoint(target, side);
    if (Math.hypot(at.x - point.x, at.y - point.y) <= reach * 2.5) return { id: target.id, side, ...at };
  }
  const side: Exclude<Side, 'auto'> = facingSide(target, point);
  return { id: target.id, side: 'auto', ...sidePoint(target, side) };
}

export const boardPoint = (stage: Stage, at: Point): Point => toBoard(stage.camera, at);
