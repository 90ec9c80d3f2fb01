import { abilities } from '@engawa/access';
import { itemPath, type ItemRow } from '@engawa/schema';
import type { TreeNode } from '@engawa/ui';

/** What one folder shows in the tree: more than this nobody reads there, and its own page has all of it. */
const MOST = 200;

const NOTHING = abilities(0);

/** A line of the tree: an item, or the rest of a folder that holds too many. */
export type ItemNode = ItemRow & TreeNode & { href: string; rest?: number };

/**
 * The rows as lines of the tree. Folders are always among them, and what is open, however many stand before it; the
 * rest of a long folder is one line that leads to its page.
 */
export function treeNodes(
  rows: readonly ItemRow[],
  current: string | null,
  restLabel: (count: number) => string,
): ItemNode[] {
  const seen = new Map<string | null, number>();
  const rest = new Map<string | null, ItemRow[]>();
  const nodes: ItemNode[] = [];
  for (const row of rows) {
    const { parentId } = row;
    const before = seen.get(parentId) ?? 0;
    seen.set(parentId, before + 1);
    if (before < MOST || row.kind === 'folder' || row.id === current)
      nodes.push({ ...row, label: row.title, branch: row.kind === 'folder', href: itemPath(row) });
    else if (rest.has(parentId)) rest.get(parentId)!.push(row);
    else rest.set(parentId, [row]);
  }
  for (const [parentId, { length, 0: one }] of rest) {
    const { spaceId } = one!;
    const href = parentId ? itemPath({ spaceId, kind: 'folder', id: parentId }) : `/s/${spaceId}`;
    const label = restLabel(length);
    nodes.push({
      ...one!,
      id: `${parentId}:rest`,
      label,
      title: label,
      branch: false,
      href,
      can: NOTHING,
      rest: length,
    });
  }
  return nodes;
}
