import type { Board } from '../model/board.ts';
import { takenWith } from '../model/groups.ts';
import { union, type Rect } from '../geometry/rect.ts';
import { moved, movedBy, writeAll } from './transform.ts';
import { isLocked } from './selection.ts';

export type Edge = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom';

interface Piece {
  id: string;
  rect: Rect;
}

/** What moves as one: outermost groups and single elements. Connectors follow, so they are no pieces. */
function pieces(board: Board, ids: Iterable<string>): Piece[] {
  const taken = new Set<string>();
  for (const id of ids) {
    const element = board.find(id);
    if (element === undefined || element.kind === 'connector' || isLocked(board, element)) continue;
    taken.add(takenWith(board.find, element).id);
  }
  return Array.from(taken, (id) => ({ id, rect: board.rectOf(id) })).filter(
    (piece): piece is Piece => piece.rect !== undefined,
  );
}

function shiftTo(edge: Edge, rect: Rect, all: Rect): [number, number] {
  switch (edge) {
    case 'left':
      return [all.x - rect.x, 0];
    case 'centre':
      return [all.x + all.w / 2 - rect.x - rect.w / 2, 0];
    case 'right':
      return [all.x + all.w - rect.x - rect.w, 0];
    case 'top':
      return [0, all.y - rect.y];
    case 'middle':
      return [0, all.y + all.h / 2 - rect.y - rect.h / 2];
    case 'bottom':
      return [0, all.y + all.h - rect.y - rect.h];
  }
}

/** Lines elements up along an edge of the box around them. */
export function align(board: Board, ids: Iterable<string>, edge: Edge): void {
  const found = pieces(board, ids);
  const all = union(found.map(({ rect }) => rect));
  if (all === null) return;
  moveEach(board, found, ({ rect }) => shiftTo(edge, rect, all));
}

/** Makes the gaps between elements equal; the outermost two stay. */
export function distribute(board: Board, ids: Iterable<string>, along: 'x' | 'y'): void {
  const size = along === 'x' ? 'w' : 'h';
  const found = pieces(board, ids).sort((a, b) => a.rect[along] - b.rect[along]);
  if (found.length < 3) return;
  const [first, last] = [found[0]!.rect, found.at(-1)!.rect];
  const filled = found.reduce((sum, { rect }) => sum + rect[size], 0);
  const gap = (last[along] + last[size] - first[along] - filled) / (found.length - 1);
  let at = first[along];
  moveEach(board, found, ({ rect }) => {
    const by = at - rect[along];
    at += rect[size] + gap;
    return along === 'x' ? [by, 0] : [0, by];
  });
}

/** Lays elements out in rows, in their reading order: tidying up a heap of notes. */
export function tidy(board: Board, ids: Iterable<string>, gap = 24): void {
  const found = pieces(board, ids);
  const all = union(found.map(({ rect }) => rect));
  if (all === null) return;
  const [w, h] = [Math.max(...found.map(({ rect }) => rect.w)), Math.max(...found.map(({ rect }) => rect.h))];
  const columns = Math.ceil(Math.sqrt(found.length));
  const row = ({ rect }: Piece) => Math.round((rect.y - all.y) / (h + gap));
  found.sort((a, b) => row(a) - row(b) || a.rect.x - b.rect.x);
  let index = 0;
  moveEach(board, found, ({ rect }) => {
    const [across, down] = [index % columns, Math.floor(index / columns)];
    index += 1;
    return [all.x + across * (w + gap) - rect.x, all.y + down * (h + gap) - rect.y];
  });
}

function moveEach(board: Board, found: Piece[], by: (piece: Piece) => [number, number]): void {
  const shifts = found.map((piece) => [piece.id, ...by(piece)] as const);
  board.change(() => {
    for (const [id, dx, dy] of shifts) {
      if (dx === 0 && dy === 0) continue;
      writeAll(
        board,
        movedBy(board, [id]).map((element) => [element, moved(element, dx, dy)]),
      );
    }
  });
}
