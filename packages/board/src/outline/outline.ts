import { rectOf } from '../geometry/rect.ts';
import type { Board } from '../model/board.ts';
import type { Element, Kind } from '../model/element.ts';
import { parentGroup } from '../model/groups.ts';
import { frameOf, framesOf } from '../operations/selection.ts';

/** One line of the outline: the board as a tree of words, for the keyboard, screen readers, search and minutes. */
export interface OutlineNode {
  id: string;
  kind: Kind;
  text: string;
  locked: boolean;
  /** Connectors: the elements at the two ends, as far as they are there. */
  ends: { from: string | null; to: string | null } | null;
  children: OutlineNode[];
}

/** Every element once: frame → group → note, in reading order. Derived anew from the model, never stored. */
export function outlineOf(board: Board): OutlineNode[] {
  const nodes = new Map<string, OutlineNode>();
  for (const element of board.elements.values()) nodes.set(element.id, nodeOf(board, element));
  const frames = framesOf(board);
  const roots: Element[] = [];
  const children = new Map<string, Element[]>();
  for (const element of board.elements.values()) {
    const parent = parentGroup(board.find, element) ?? frameOf(board, element, frames)?.id ?? null;
    if (parent === null) roots.push(element);
    else if (children.has(parent)) children.get(parent)!.push(element);
    else children.set(parent, [element]);
  }
  for (const [id, held] of children) {
    nodes.get(id)!.children = inReadingOrder(board, held).map((element) => nodes.get(element.id)!);
  }
  return inReadingOrder(board, roots).map((element) => nodes.get(element.id)!);
}

function nodeOf(board: Board, element: Element): OutlineNode {
  const { id, kind, text, locked, from, to } = element;
  const known = (end: string | null | undefined) => (end && board.find(end) ? end : null);
  const ends = kind === 'connector' ? { from: known(from?.id), to: known(to?.id) } : null;
  return { id, kind, text, locked, ends, children: [] };
}

/** What begins less than this below the first of a row is in that row. */
const ROW = 80;

/** Row by row from the top, in a row from the left; connectors, which are about the others, last. */
export function inReadingOrder(board: Board, elements: Iterable<Element>): Element[] {
  const placed = Array.from(elements, (element) => {
    const { x, y } = board.rectOf(element.id) ?? rectOf(element);
    return { element, late: element.kind === 'connector' ? 1 : 0, x, y, row: 0 };
  });
  const byId = (a: { element: Element }, b: { element: Element }) => (a.element.id < b.element.id ? -1 : 1);
  placed.sort((a, b) => a.late - b.late || a.y - b.y || byId(a, b));
  let top = -Infinity;
  let late = 0;
  for (const one of placed) {
    if (one.y - top >= ROW || one.late !== late) [top, late] = [one.y, one.late];
    one.row = top;
  }
  placed.sort((a, b) => a.late - b.late || a.row - b.row || a.x - b.x || byId(a, b));
  return placed.map(({ element }) => element);
}

/** The outline as indented text: for the clipboard and for minutes. */
export function outlineText(nodes: readonly OutlineNode[], depth = 0): string {
  return nodes
    .flatMap((node) => {
      const line = node.text.trim().replaceAll(/\s*\n\s*/g, ' ');
      const shown = line !== '' || node.children.length > 0 ? [`${'  '.repeat(depth)}- ${line}`] : [];
      return [...shown, ...(node.children.length > 0 ? [outlineText(node.children, depth + 1)] : [])];
    })
    .join('\n');
}
