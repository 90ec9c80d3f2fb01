import type { Board } from '../model/board.ts';
import type { Element, Find } from '../model/element.ts';
import { rectAround, rectOf, union, type Rect } from './rect.ts';
import { routeOf } from './route.ts';
import { FRAME_TITLE } from './hit.ts';

/** Board units between what is in a group and the line around it. */
export const ISLAND = 10;

/** The box around a group's members as they are in hand; null for an empty one. */
export function groupRect(board: Board, find: Find, id: string, seen = new Set<string>()): Rect | null {
  if (seen.has(id)) return null;
  seen.add(id);
  const rects = board.membersOf(id).map((member) => {
    if (member.kind === 'group') return groupRect(board, find, member.id, seen);
    const element = find(member.id) ?? member;
    return element.kind === 'connector' ? rectAround(routeOf(find, element).points) : rectOf(element);
  });
  return union(rects.filter((rect) => rect !== null));
}

/** Where a group's title stands over its members, as wide as its letters at the most. */
export function titleRect({ text }: Element, { x, y, w }: Rect): Rect {
  const width = Math.min(w + 2 * ISLAND, Math.max(60, text.length * 18 + 16));
  return { x: x - ISLAND, y: y - ISLAND - FRAME_TITLE, w: width, h: FRAME_TITLE };
}
