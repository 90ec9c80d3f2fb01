import type { Bounds } from '../model/element.ts';
import { middle, rotate, type Point, type Rect } from './rect.ts';

/** Where a box is taken hold of: its corners and edges, and the knob that turns it. */
export const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type Handle = (typeof HANDLES)[number];

/** Screen pixels from the top edge to the knob that turns. */
export const KNOB = 28;

/** Where handles are, in shares of width and height. */
const PLACES: Record<Handle, readonly [number, number]> = {
  nw: [0, 0],
  n: [0.5, 0],
  ne: [1, 0],
  e: [1, 0.5],
  se: [1, 1],
  s: [0.5, 1],
  sw: [0, 1],
  w: [0, 0.5],
};

export function handlePoint(box: Bounds, handle: Handle): Point {
  const [across, down] = PLACES[handle];
  return rotate({ x: box.x + box.w * across, y: box.y + box.h * down }, middle(box), box.r);
}

/** `zoom` because the knob keeps its distance on the screen. */
export const knobPoint = (box: Bounds, zoom: number): Point =>
  rotate({ x: box.x + box.w / 2, y: box.y - KNOB / zoom }, middle(box), box.r);

/** The handle under a board point, corners before edges; edges count along their whole length. Null when none. */
export function handleAt(box: Bounds, point: Point, reach: number, zoom: number): Handle | 'knob' | null {
  const near = (other: Point, by: number) => Math.hypot(point.x - other.x, point.y - other.y) <= by;
  if (near(knobPoint(box, zoom), reach)) return 'knob';
  for (const handle of ['nw', 'ne', 'se', 'sw'] as const)
    if (near(handlePoint(box, handle), reach)) return handle;
  const seen = rotate(point, middle(box), -box.r);
  const slim = reach * 0.6;
  const acrossX = seen.x > box.x && seen.x < box.x + box.w;
  const acrossY = seen.y > box.y && seen.y < box.y + box.h;
  if (acrossX && Math.abs(seen.y - box.y) <= slim) return 'n';
  if (acrossX && Math.abs(seen.y - box.y - box.h) <= slim) return 's';
  if (acrossY && Math.abs(seen.x - box.x) <= slim) return 'w';
  if (acrossY && Math.abs(seen.x - box.x - box.w) <= slim) return 'e';
  return null;
}

const LEAST = 8;

/** The box after pulling a handle by (dx, dy) in the box's own direction; `square` keeps proportions, `centred` the middle. */
export function pulled(
  box: Rect,
  handle: Handle,
  by: Point,
  keep: { square: boolean; centred: boolean },
): Rect {
  const [across, down] = PLACES[handle];
  const [sideX, sideY] = [across * 2 - 1, down * 2 - 1];
  const factor = keep.centred ? 2 : 1;
  let w = Math.max(LEAST, box.w + by.x * sideX * factor);
  let h = Math.max(LEAST, box.h + by.y * sideY * factor);
  if (keep.square && box.w > 0 && box.h > 0) {
    const scale = sideX === 0 ? h / box.h : sideY === 0 ? w / box.w : Math.max(w / box.w, h / box.h);
    [w, h] = [box.w * scale, box.h * scale];
  }
  const place = (from: number, length: number, now: number, side: number) =>
    keep.centred || side === 0 ? from + (length - now) / 2 : side > 0 ? from : from + length - now;
  return { x: place(box.x, box.w, w, sideX), y: place(box.y, box.h, h, sideY), w, h };
}

/** The same for a turned box: the corner opposite the handle stays where it is on the board. */
export function pulledTurned(
  box: Bounds,
  handle: Handle,
  by: Point,
  keep: { square: boolean; centred: boolean },
): Bounds {
  const local = rotate(by, { x: 0, y: 0 }, -box.r);
  const next = pulled(box, handle, local, keep);
  if (box.r === 0) return { ...next, r: 0 };
  const before = middle(box);
  const centre = rotate(middle(next), before, box.r);
  return { x: centre.x - next.w / 2, y: centre.y - next.h / 2, w: next.w, h: next.h, r: box.r };
}
