import type { Element, Find } from '../model/element.ts';
import { unpackInk } from './ink.ts';
import { contains, corners, distance, grow, meets, middle, rotate, type Point, type Rect } from './rect.ts';
import { routeOf } from './route.ts';

/**
 * Whether a point is on an element; `slack` in board units (a finger is wider than a mouse). A frame is hit only at its
 * edge and title, so that what lies in it can be marked; an unfilled shape is hit inside all the same: people expect it.
 */
export function hits(find: Find, element: Element, point: Point, slack: number): boolean {
  switch (element.kind) {
    case 'group':
      return false;
    case 'connector':
      return nearLine(routeOf(find, element).points, point, slack + (element.style.width ?? 2) / 2);
    case 'pen':
      return hitsInk(element, point, slack);
    case 'frame':
      return hitsFrame(element, point, slack);
    default:
      return hitsShape(element, inside(element, point), slack);
  }
}

/** The point as the unturned element sees it. */
const inside = (element: Element, point: Point) => rotate(point, middle(element), -element.r);

/** Height of a frame's title above its edge, in board units. */
export const FRAME_TITLE = 28;

function hitsFrame(element: Element, point: Point, slack: number): boolean {
  const seen = inside(element, point);
  if (contains({ x: element.x, y: element.y - FRAME_TITLE, w: element.w, h: FRAME_TITLE }, seen)) return true;
  return contains(grow(element, slack), seen) && !contains(grow(element, -Math.max(2, slack)), seen);
}

function hitsShape(element: Element, seen: Point, slack: number): boolean {
  if (!contains(grow(element, slack), seen)) return false;
  if (element.kind === 'ellipse') {
    const [rx, ry] = [element.w / 2 + slack, element.h / 2 + slack];
    const centre = middle(element);
    return ((seen.x - centre.x) / rx) ** 2 + ((seen.y - centre.y) / ry) ** 2 <= 1;
  }
  const outline = shapeCorners(element);
  if (outline === null) return true;
  return within(outline, seen) || nearLine([...outline, outline[0]!], seen, slack);
}

/** Corners of a shape with straight sides, unturned; null for what fills its bounds or is round. */
export function shapeCorners({ kind, x, y, w, h }: Element): Point[] | null {
  const at = (across: number, down: number) => ({ x: x + w * across, y: y + h * down });
  if (kind === 'diamond') return [at(0.5, 0), at(1, 0.5), at(0.5, 1), at(0, 0.5)];
  if (kind === 'triangle') return [at(0.5, 0), at(1, 1), at(0, 1)];
  if (kind === 'hexagon') return [at(0.25, 0), at(0.75, 0), at(1, 0.5), at(0.75, 1), at(0.25, 1), at(0, 0.5)];
  return null;
}

function within(outline: Point[], point: Point): boolean {
  let odd = false;
  let before = outline.at(-1)!;
  for (const corner of outline) {
    const crosses = corner.y > point.y !== before.y > point.y;
    if (
      crosses &&
      point.x < ((before.x - corner.x) * (point.y - corner.y)) / (before.y - corner.y) + corner.x
    ) {
      odd = !odd;
    }
    before = corner;
  }
  return odd;
}

function hitsInk(element: Element, point: Point, slack: number): boolean {
  const seen = inside(element, point);
  const reach = slack + (element.style.width ?? 4);
  if (!contains(grow(element, reach), seen)) return false;
  const local = { x: seen.x - element.x, y: seen.y - element.y };
  return nearLine(unpackInk(element.ink as Uint8Array, element), local, reach);
}

export function nearLine(points: readonly Point[], point: Point, reach: number): boolean {
  if (points.length === 1) return distance(points[0]!, point) <= reach;
  for (let index = 1; index < points.length; index += 1) {
    if (toSegment(points[index - 1]!, points[index]!, point) <= reach) return true;
  }
  return false;
}

function toSegment(a: Point, b: Point, point: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  if (length === 0) return distance(a, point);
  const along = Math.min(1, Math.max(0, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length));
  return distance({ x: a.x + along * dx, y: a.y + along * dy }, point);
}

/** Whether a marquee takes an element: a turned one by its corners and edges, a frame only as a whole. */
export function touches(find: Find, element: Element, rect: Rect, area: Rect): boolean {
  if (!meets(rect, area)) return false;
  if (element.kind === 'connector') return crosses(routeOf(find, element).points, area);
  if (element.r === 0) return true;
  const turned = corners(element);
  return (
    turned.some((corner) => contains(area, corner)) ||
    hitsShape({ ...element, kind: 'rect' }, inside(element, middle(area)), 0) ||
    crosses([...turned, turned[0]], area)
  );
}

function crosses(points: Point[], area: Rect): boolean {
  return points.some((point, index) => index > 0 && segmentMeets(points[index - 1]!, point, area));
}

/** Clips the segment to the box, side by side (Liang and Barsky). */
function segmentMeets(a: Point, b: Point, { x, y, w, h }: Rect): boolean {
  let [enter, leave] = [0, 1];
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  for (const [step, room] of [
    [-dx, a.x - x],
    [dx, x + w - a.x],
    [-dy, a.y - y],
    [dy, y + h - a.y],
  ] as const) {
    if (step === 0) {
      if (room < 0) return false;
    } else if (step < 0) enter = Math.max(enter, room / step);
    else leave = Math.min(leave, room / step);
  }
  return enter <= leave;
}
