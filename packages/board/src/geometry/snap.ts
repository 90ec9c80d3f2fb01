import type { Rect } from './rect.ts';

/** A line that shows what something was lined up with. */
export interface Guide {
  along: 'x' | 'y';
  /** A vertical guide (`along: 'y'`) is at x = `at` and runs from y = `from` to `to`. */
  at: number;
  from: number;
  to: number;
}

export interface Snapped {
  dx: number;
  dy: number;
  guides: Guide[];
}

/** Only the nearest count: lining up with something far away is rarely meant, and this bounds the work. */
const NEAREST = 60;

/**
 * Draws a box that is being moved to the edges and middles of others, if they are nearer than `reach` (board units).
 * Gives what is to be added to the movement, and the lines to show.
 */
export function snap(box: Rect, others: readonly Rect[], reach: number): Snapped {
  const off = (rect: Rect) =>
    Math.max(rect.x - box.x - box.w, box.x - rect.x - rect.w, 0) +
    Math.max(rect.y - box.y - box.h, box.y - rect.y - rect.h, 0);
  const near =
    others.length <= NEAREST ? others : [...others].sort((a, b) => off(a) - off(b)).slice(0, NEAREST);
  const dx = nearest(
    stops(box.x, box.w),
    near.map(({ x, w }) => stops(x, w)),
    reach,
  );
  const dy = nearest(
    stops(box.y, box.h),
    near.map(({ y, h }) => stops(y, h)),
    reach,
  );
  const moved = { ...box, x: box.x + dx, y: box.y + dy };
  return { dx, dy, guides: guidesFor(moved, near) };
}

const stops = (from: number, length: number) => [from, from + length / 2, from + length];

function nearest(mine: number[], others: number[][], reach: number): number {
  let best = reach;
  let by = 0;
  for (const stop of mine) {
    for (const other of others) {
      for (const line of other) {
        const off = Math.abs(line - stop);
        if (off < best) [best, by] = [off, line - stop];
      }
    }
  }
  return by;
}

const SAME = 0.3;

/** One line for each place where a stop of the box meets stops of others, as long as all that meet there. */
function guidesFor(box: Rect, others: readonly Rect[]): Guide[] {
  const guides = new Map<string, Guide>();
  const note = (along: 'x' | 'y', at: number, from: number, to: number) => {
    const key = `${along}${Math.round(at * 2)}`;
    const known = guides.get(key);
    if (known === undefined) guides.set(key, { along, at, from, to });
    else {
      known.from = Math.min(known.from, from);
      known.to = Math.max(known.to, to);
    }
  };
  for (const other of others) {
    for (const stop of stops(box.x, box.w)) {
      if (stops(other.x, other.w).some((line) => Math.abs(line - stop) < SAME)) {
        note('y', stop, Math.min(box.y, other.y), Math.max(box.y + box.h, other.y + other.h));
      }
    }
    for (const stop of stops(box.y, box.h)) {
      if (stops(other.y, other.h).some((line) => Math.abs(line - stop) < SAME)) {
        note('x', stop, Math.min(box.x, other.x), Math.max(box.x + box.w, other.x + other.w));
      }
    }
  }
  return [...guides.values()].slice(0, 6);
}
