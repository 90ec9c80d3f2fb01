import type { Bounds } from '../model/element.ts';

export interface Point {
  x: number;
  y: number;
}

/** A box along the axes. */
export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

export const middle = ({ x, y, w, h }: Rect): Point => ({ x: x + w / 2, y: y + h / 2 });

export function rotate(point: Point, around: Point, degrees: number): Point {
  if (degrees === 0) return point;
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [dx, dy] = [point.x - around.x, point.y - around.y];
  return { x: around.x + dx * cos - dy * sin, y: around.y + dx * sin + dy * cos };
}

/** The four corners after turning: north-west, north-east, south-east, south-west. */
export function corners(bounds: Bounds): [Point, Point, Point, Point] {
  const { x, y, w, h, r } = bounds;
  const centre = middle(bounds);
  const turn = (px: number, py: number) => rotate({ x: px, y: py }, centre, r);
  return [turn(x, y), turn(x + w, y), turn(x + w, y + h), turn(x, y + h)];
}

/** The smallest box along the axes around turned bounds. */
export function rectOf(bounds: Bounds): Rect {
  const { x, y, w, h, r } = bounds;
  if (r === 0) return { x, y, w, h };
  const angle = (r * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const [rw, rh] = [w * cos + h * sin, w * sin + h * cos];
  return { x: x + (w - rw) / 2, y: y + (h - rh) / 2, w: rw, h: rh };
}

/** Null when there is nothing to unite. */
export function union(rects: Iterable<Rect>): Rect | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, w, h } of rects) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + w);
    bottom = Math.max(bottom, y + h);
  }
  return left === Infinity ? null : { x: left, y: top, w: right - left, h: bottom - top };
}

export function rectAround(points: Iterable<Point>): Rect | null {
  return union(Array.from(points, ({ x, y }) => ({ x, y, w: 0, h: 0 })));
}

export const grow = ({ x, y, w, h }: Rect, by: number): Rect => ({
  x: x - by,
  y: y - by,
  w: w + 2 * by,
  h: h + 2 * by,
});

export const meets = (a: Rect, b: Rect) =>
  a.x <= b.x + b.w && b.x <= a.x + a.w && a.y <= b.y + b.h && b.y <= a.y + a.h;

export const encloses = (outer: Rect, inner: Rect) =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.w >= inner.x + inner.w &&
  outer.y + outer.h >= inner.y + inner.h;

export const contains = ({ x, y, w, h }: Rect, point: Point) =>
  point.x >= x && point.x <= x + w && point.y >= y && point.y <= y + h;

export const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

/** The box between two corners, in whatever order they were given. */
export const between = (a: Point, b: Point): Rect => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  w: Math.abs(a.x - b.x),
  h: Math.abs(a.y - b.y),
});
