import { Invalid } from '@engawa/schema';
import type { Board } from '../model/board.ts';
import { quarter } from '../model/checks.ts';
import type { Bounds, Element, Find } from '../model/element.ts';
import { patchElement } from '../model/write.ts';
import { hangsOn } from '../geometry/route.ts';
import { middle, rotate, type Point, type Rect } from '../geometry/rect.ts';
import { unlocked, withFrameContents } from './selection.ts';

/** How a movement or a change of size looks, before it is written and when it is. */
export interface Transformed {
  bounds?: Bounds;
  from?: Element['from'];
  to?: Element['to'];
}

/** What moving takes along: members of groups, contents of frames, the free ends of connectors among them. */
export const movedBy = (board: Board, ids: Iterable<string>): Element[] =>
  withFrameContents(board, unlocked(board, ids));

/** Where elements are after moving by (dx, dy). Connector ends attached to what moves go with that by themselves. */
export function moved(element: Element, dx: number, dy: number): Transformed {
  const shift = <P extends Point>(point: P): P => ({ ...point, x: point.x + dx, y: point.y + dy });
  if (element.kind !== 'connector') return { bounds: shift(boundsOf(element)) };
  return { from: element.from && shift(element.from), to: element.to && shift(element.to) };
}

/** Lays transformed elements over stored ones: what is being dragged is drawn and routed through this. */
export function laidOver(find: Find, changes: ReadonlyMap<string, Element>): Find {
  return (id) => changes.get(id) ?? find(id);
}

export function apply(element: Element, change: Transformed): Element {
  const { bounds, from, to } = change;
  return {
    ...element,
    ...bounds,
    from: from === undefined ? element.from : from,
    to: to === undefined ? element.to : to,
  };
}

export const boundsOf = ({ x, y, w, h, r }: Bounds): Bounds => ({ x, y, w, h, r });

/** Moves elements by whole steps; what is locked stays. One transaction. */
export function move(board: Board, ids: Iterable<string>, dx: number, dy: number): void {
  finite(dx, dy);
  if (quarter(dx) === 0 && quarter(dy) === 0) return;
  writeAll(
    board,
    movedBy(board, ids).map((element) => [element, moved(element, dx, dy)]),
  );
}

/** Fits elements that filled the box `from` into the box `to`. Text keeps its size; strokes stretch. */
export function resized(element: Element, from: Rect, to: Rect): Transformed {
  const [sx, sy] = [from.w === 0 ? 1 : to.w / from.w, from.h === 0 ? 1 : to.h / from.h];
  const place = <P extends Point>(point: P): P => ({
    ...point,
    x: to.x + (point.x - from.x) * sx,
    y: to.y + (point.y - from.y) * sy,
  });
  if (element.kind === 'connector') {
    return { from: element.from && place(element.from), to: element.to && place(element.to) };
  }
  if (element.r === 0 || element.r % 180 === 0) {
    const { x, y } = place({ x: element.x, y: element.y });
    return { bounds: { x, y, w: element.w * sx, h: element.h * sy, r: element.r } };
  }
  // A turned element among others cannot be sheared: it keeps its proportions.
  const scale = element.r % 90 === 0 ? null : Math.sqrt(Math.abs(sx * sy));
  const centre = place(middle(element));
  const w = element.w * (scale ?? sy);
  const h = element.h * (scale ?? sx);
  return { bounds: { x: centre.x - w / 2, y: centre.y - h / 2, w, h, r: element.r } };
}

/** Resizes everything chosen so that its box becomes `to`. One transaction. */
export function resize(board: Board, ids: Iterable<string>, from: Rect, to: Rect): void {
  finite(to.x, to.y, to.w, to.h);
  writeAll(
    board,
    unlocked(board, ids).map((element) => [element, resized(element, from, to)]),
  );
}

/** Gives one element new bounds, in its own turned box: resizing a single turned element. */
export function setBounds(board: Board, id: string, bounds: Bounds): void {
  const [element] = unlocked(board, [id]);
  if (element !== undefined && element.kind !== 'connector') writeAll(board, [[element, { bounds }]]);
}

/** Turns elements around a point. */
export function turned(element: Element, around: Point, degrees: number): Transformed {
  if (element.kind === 'connector') {
    const turn = (end: Element['from']) => end && { ...end, ...rotate(end, around, degrees) };
    return { from: turn(element.from), to: turn(element.to) };
  }
  const centre = rotate(middle(element), around, degrees);
  const { w, h, r } = element;
  return { bounds: { x: centre.x - w / 2, y: centre.y - h / 2, w, h, r: r + degrees } };
}

export function turn(board: Board, ids: Iterable<string>, around: Point, degrees: number): void {
  finite(around.x, around.y, degrees);
  writeAll(
    board,
    unlocked(board, ids).map((element) => [element, turned(element, around, degrees % 360)]),
  );
}

/** Writes transformed elements. An end attached to something that moves along keeps its attachment. */
export function writeAll(board: Board, changes: readonly (readonly [Element, Transformed])[]): void {
  const ids = new Set(changes.map(([element]) => element.id));
  board.change(() => {
    for (const [element, { bounds, from, to }] of changes) {
      if (element.kind !== 'connector') {
        if (bounds) patchElement(board, element.id, { bounds });
        continue;
      }
      const follows = (end: Element['from']) => hangsOn(board.find, end, ids);
      patchElement(board, element.id, {
        from: follows(element.from) ? undefined : detach(board, from),
        to: follows(element.to) ? undefined : detach(board, to),
      });
    }
  });
}

/** An end that is attached to what stays behind stays there, too; a free one goes where it was dragged. */
function detach(board: Board, end: Element['from'] | undefined): Element['from'] | undefined {
  if (!end) return undefined;
  return end.id !== null && board.find(end.id) !== undefined ? undefined : end;
}

function finite(...values: number[]): void {
  if (!values.every(Number.isFinite))
    throw new Invalid('board.bounds', 'Not a finite number', { field: 'bounds' });
}
