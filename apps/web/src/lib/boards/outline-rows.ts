import { outlineOf, type Board, type Element, type Find, type OutlineNode } from '@engawa/board';
import type { TreeNode } from '@engawa/ui';
import { m } from '#lib/paraglide/messages.js';
import { kindWord, nameOf } from './words.ts';

/** A line of the outline. `label` is what it says, or what it is where it says nothing. */
export interface OutlineRow extends TreeNode {
  element: Element;
  /** Connectors, as what they mean: → 付せん「次」. */
  ties: string[];
}

/** The board as a flat list in reading order, for a tree. */
export function outlineRows(board: Board): OutlineRow[] {
  const ties = tiesOf(board);
  const rows: OutlineRow[] = [];
  const walk = (nodes: readonly OutlineNode[], parentId: string | null): void => {
    for (const node of nodes) {
      const element = board.find(node.id)!;
      const branch = element.kind === 'frame' || element.kind === 'group';
      const label = labelOf(element, board.find);
      rows.push({ id: node.id, parentId, label, branch, element, ties: ties.get(node.id) ?? [] });
      walk(node.children, node.id);
    }
  };
  walk(outlineOf(board), null);
  return rows;
}

const oneLine = (text: string) => text.trim().replaceAll(/\s*\n\s*/g, ' ');

function labelOf(element: Element, find: Find): string {
  const text = oneLine(element.text);
  if (element.kind !== 'connector') return text === '' ? kindWord(element.kind) : text;
  const [from, to] = endsOf(element);
  const names = { from: endName(find, from), to: endName(find, to) };
  const tie = headless(element) ? m.outline_tie(names) : m.outline_to_from(names);
  return text === '' ? tie : `${tie} ${text}`;
}

const headless = ({ style }: Element) => style.heads === 'none' || style.heads === 'both';

/** The two ends in the direction the arrow points. */
function endsOf({ from, to, style }: Element): [string | null, string | null] {
  const ends = [from?.id ?? null, to?.id ?? null] as [string | null, string | null];
  return style.heads === 'start' ? [ends[1], ends[0]] : ends;
}

function endName(find: Find, id: string | null): string {
  const element = id === null ? undefined : find(id);
  return element === undefined ? '…' : nameOf(element);
}

/** What each element is connected to, in words. */
function tiesOf(board: Board): Map<string, string[]> {
  const ties = new Map<string, string[]>();
  const tie = (id: string | null, words: string) => {
    if (id !== null) ties.set(id, [...(ties.get(id) ?? []), words]);
  };
  for (const element of board.elements.values()) {
    if (element.kind !== 'connector') continue;
    const [from, to] = endsOf(element);
    const plain = headless(element);
    if (to !== null) tie(from, m.outline_to({ what: endName(board.find, to) }));
    if (from !== null) tie(to, (plain ? m.outline_to : m.outline_from)({ what: endName(board.find, from) }));
  }
  return ties;
}

/** Everything a row says, read aloud: first what one sees, in the same words, then what it is. */
export function spoken({ element, label, ties }: OutlineRow, colour: string): string {
  const kind = kindWord(element.kind);
  const said = [label, ...ties].join(' ');
  return [said, said === kind ? '' : kind, colour, element.locked ? m.outline_locked() : '']
    .filter(Boolean)
    .join('、');
}

/** The branches that are open: all but those that were closed. */
export const openOf = (rows: readonly OutlineRow[], closed: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(rows.filter(({ id, branch }) => branch && !closed.has(id)).map(({ id }) => id));
