import { grow, meets, rectOf, union, type Rect } from '../geometry/rect.ts';
import type { Board } from '../model/board.ts';
import type { Colour, Element } from '../model/element.ts';
import { create, NOTE } from '../operations/create.ts';
import { putInGroup } from '../operations/group.ts';
import { inFrame, isLocked } from '../operations/selection.ts';
import { move } from '../operations/transform.ts';
import { inReadingOrder, outlineOf, type OutlineNode } from './outline.ts';

const GAP = 24;

/** The first place in rows inside `area` where something of this size covers nothing; below `area` when it is full. */
export function freePlace(
  board: Board,
  area: Rect,
  { w, h }: { w: number; h: number },
): { x: number; y: number } {
  const taken = board
    .query(area)
    .filter(({ kind }) => kind !== 'frame' && kind !== 'connector')
    .map(({ id }) => grow(board.rectOf(id)!, GAP - 1));
  for (let y = area.y + GAP; y + h <= area.y + area.h; y += GAP) {
    for (let x = area.x + GAP; x + w <= area.x + area.w; x += GAP) {
      const blocker = taken.find((rect) => meets(rect, { x, y, w, h }));
      if (blocker === undefined) return { x, y };
      x = Math.max(x, Math.floor((blocker.x + blocker.w - area.x) / GAP) * GAP + area.x);
    }
  }
  return { x: area.x + GAP, y: area.y + area.h + GAP };
}

/** Where new things of a frame or group go; for the board itself: the view, or beside everything. */
function areaOf(board: Board, parent: Element | undefined, view: Rect): Rect {
  if (parent === undefined) return view;
  const rect = parent.kind === 'frame' ? rectOf(parent) : board.rectOf(parent.id);
  if (rect === undefined) return view;
  return parent.kind === 'frame' ? rect : { ...grow(rect, GAP), w: rect.w + 2 * GAP + NOTE.w };
}

/** Adds a note to a frame, to a group, or (null) to the board where there is room in `view`. Returns its id. */
export function addNote(
  board: Board,
  parentId: string | null,
  text: string,
  view: Rect,
  fill: Colour = 'yellow',
) {
  const parent = parentId === null ? undefined : board.find(parentId);
  const { w, h } = NOTE;
  const at = freePlace(board, areaOf(board, parent, view), { w, h });
  const group = parent?.kind === 'group' ? parent.id : null;
  return create(board, { kind: 'note', ...at, w, h, text, group, style: { fill } });
}

/**
 * Puts an element into a frame or group, or (null) out of all of them: the outline's way of dragging. It moves to a free
 * place there, so that the picture says the same as the outline. False when it may not: locked, or a frame into a group.
 */
export function putInto(board: Board, id: string, parentId: string | null, view: Rect): boolean {
  const element = board.find(id);
  const parent = parentId === null ? undefined : board.find(parentId);
  if (element === undefined || isLocked(board, element) || element.kind === 'connector') return false;
  if (parentId !== null && parent?.kind !== 'frame' && parent?.kind !== 'group') return false;
  if (element.kind === 'frame' && parent?.kind === 'group') return false;
  if (parentId === id || (parent && holds(outlineOf(board), id, parent.id))) return false;
  const rect = board.rectOf(id);
  const area = parent === undefined ? outside(board, view) : areaOf(board, parent, view);
  const at = rect && freePlace(board, area, rect);
  board.change(() => {
    putInGroup(board, [id], parent?.kind === 'group' ? parent.id : null);
    if (rect && at) move(board, [id], at.x - rect.x, at.y - rect.y);
  });
  return true;
}

/** Whether `inner` is somewhere under `outer`. */
function holds(nodes: readonly OutlineNode[], outer: string, inner: string): boolean {
  const under = (node: OutlineNode): boolean =>
    node.children.some((child) => child.id === inner || under(child));
  return nodes.some((node) => (node.id === outer ? under(node) : holds(node.children, outer, inner)));
}

/** A strip to the right of all frames: there nothing is in a frame. */
function outside(board: Board, view: Rect): Rect {
  const frames = [...board.elements.values()].filter(({ kind }) => kind === 'frame').map(rectOf);
  const all = union(frames);
  return all === null || !meets(all, view)
    ? view
    : { x: all.x + all.w, y: all.y, w: 1000, h: Math.max(all.h, 1000) };
}

/** Changes places with the neighbour before (-1) or after (1) it in the outline. False at the end of the list. */
export function swapWithNeighbour(board: Board, id: string, direction: 1 | -1): boolean {
  const siblings = siblingsOf(outlineOf(board), id);
  const movable = inReadingOrder(
    board,
    (siblings ?? []).map((node) => board.find(node.id)!).filter(({ kind }) => kind !== 'connector'),
  );
  const at = movable.findIndex((element) => element.id === id);
  const [mine, other] = [movable[at], movable[at + direction]];
  if (mine === undefined || other === undefined || isLocked(board, mine) || isLocked(board, other))
    return false;
  const [a, b] = [board.rectOf(mine.id), board.rectOf(other.id)];
  if (a === undefined || b === undefined) return false;
  // What lies in a frame goes with it; both are looked up before either moves.
  if (mine.kind === 'frame' && inFrame(board, mine).includes(other)) return false;
  board.change(() => {
    move(board, [mine.id], b.x - a.x, b.y - a.y);
    move(board, [other.id], a.x - b.x, a.y - b.y);
  });
  return true;
}

function siblingsOf(nodes: readonly OutlineNode[], id: string): readonly OutlineNode[] | null {
  if (nodes.some((node) => node.id === id)) return nodes;
  for (const node of nodes) {
    const found = siblingsOf(node.children, id);
    if (found) return found;
  }
  return null;
}

/** Puts an element into the frame or group just above it in the outline. False when there is none. */
export function indent(board: Board, id: string, view: Rect): boolean {
  const siblings = siblingsOf(outlineOf(board), id) ?? [];
  const before = siblings.slice(
    0,
    siblings.findIndex((node) => node.id === id),
  );
  const into = before.findLast(({ kind }) => kind === 'frame' || kind === 'group');
  return into !== undefined && putInto(board, id, into.id, view);
}

/** Takes an element out of the frame or group it is in, to where that is. False when it is in none. */
export function outdent(board: Board, id: string, view: Rect): boolean {
  const path = pathTo(outlineOf(board), id);
  return path.length > 1 && putInto(board, id, path.at(-3)?.id ?? null, view);
}

/** From the outermost to the element itself; empty when it is not there. */
function pathTo(nodes: readonly OutlineNode[], id: string): OutlineNode[] {
  for (const node of nodes) {
    if (node.id === id) return [node];
    const inner = pathTo(node.children, id);
    if (inner.length > 0) return [node, ...inner];
  }
  return [];
}

const FRAME = { w: 1000, h: 700 } as const;

/** Adds an empty frame to the right of everything. Returns its id. */
export function addFrame(board: Board, text: string): string {
  const all = board.extent();
  const at = all === null ? { x: -FRAME.w / 2, y: -FRAME.h / 2 } : { x: all.x + all.w + 4 * GAP, y: all.y };
  return create(board, { kind: 'frame', ...at, ...FRAME, text });
}
