/** What a tree is made of: a flat list in the order of display; parents come by id. */
export interface TreeNode {
  id: string;
  parentId: string | null;
  label: string;
  /** Can hold others, even while it holds none. */
  branch: boolean;
  href?: string | undefined;
}

/** A line that is seen now, with what a screen reader says about it. */
export interface TreeRow<N extends TreeNode> {
  node: N;
  level: number;
  position: number;
  siblings: number;
  expanded: boolean | undefined;
  empty: boolean;
}

/** The visible lines from top to bottom. A node whose parent is not in the list stands at the root. */
export function visibleRows<N extends TreeNode>(nodes: N[], expanded: ReadonlySet<string>): TreeRow<N>[] {
  const known = new Set(nodes.map((node) => node.id));
  const children = Map.groupBy(nodes, (node) =>
    node.parentId !== null && known.has(node.parentId) ? node.parentId : null,
  );
  const rows: TreeRow<N>[] = [];
  const walk = (parent: string | null, level: number): void => {
    const family = children.get(parent) ?? [];
    family.forEach((node, at) => {
      const open = node.branch ? expanded.has(node.id) : undefined;
      const empty = !children.has(node.id);
      rows.push({ node, level, position: at + 1, siblings: family.length, expanded: open, empty });
      if (open) walk(node.id, level + 1);
    });
  };
  walk(null, 1);
  return rows;
}

/** The ids above a node, nearest first. */
export function ancestors(nodes: TreeNode[], id: string): string[] {
  const parents = new Map(nodes.map((node) => [node.id, node.parentId]));
  const above: string[] = [];
  for (let at = parents.get(id); at && !above.includes(at); at = parents.get(at)) above.push(at);
  return above;
}

/** Where a key leads from a row: another row, or opening and closing this one. */
export type TreeStep = { to: string } | { toggle: string } | null;

/** The keys of the ARIA tree pattern (https://www.w3.org/WAI/ARIA/apg/patterns/treeview/). */
export function stepFrom<N extends TreeNode>(rows: TreeRow<N>[], id: string, key: string): TreeStep {
  const at = rows.findIndex((row) => row.node.id === id);
  const row = rows[at];
  if (!row) return null;
  const go = (target: TreeRow<N> | undefined): TreeStep => (target ? { to: target.node.id } : null);
  if (key === 'ArrowDown') return go(rows[at + 1]);
  if (key === 'ArrowUp') return go(rows[at - 1]);
  if (key === 'Home') return go(rows[0]);
  if (key === 'End') return go(rows.at(-1));
  if (key === 'ArrowRight') {
    if (row.expanded === false) return { toggle: id };
    return row.expanded && !row.empty ? go(rows[at + 1]) : null;
  }
  if (key === 'ArrowLeft') {
    if (row.expanded) return { toggle: id };
    return go(rows.slice(0, at).findLast((above) => above.level < row.level));
  }
  return null;
}

/** The next row, after this one and around, whose label begins with what was typed. */
export function typeahead<N extends TreeNode>(rows: TreeRow<N>[], id: string, typed: string): string | null {
  const at = rows.findIndex((row) => row.node.id === id);
  const wanted = typed.normalize('NFKC').toLowerCase();
  const around = [...rows.slice(at + (typed.length > 1 ? 0 : 1)), ...rows.slice(0, at + 1)];
  return (
    around.find((row) => row.node.label.normalize('NFKC').toLowerCase().startsWith(wanted))?.node.id ?? null
  );
}

/** Where a dragged node would come to stand; `parentId` is the node it would then lie in. */
export interface TreePlace {
  how: 'before' | 'after' | 'into';
  id: string;
  parentId: string | null;
}

/**
 * What letting go means over a row, `height` being how far down the row the pointer is (0 to 1): the edges of a branch
 * are before and after it, its middle is into it; an open branch has its first child below it, so there is no "after".
 * Null where nothing can come of it: on itself, or in what lies below it.
 */
export function placeOver<N extends TreeNode>(
  nodes: N[],
  row: TreeRow<N>,
  dragged: string,
  height: number,
): TreePlace | null {
  const { node } = row;
  if (node.id === dragged || ancestors(nodes, node.id).includes(dragged)) return null;
  if (!node.branch) return { how: height < 0.5 ? 'before' : 'after', id: node.id, parentId: node.parentId };
  if (height < 0.25) return { how: 'before', id: node.id, parentId: node.parentId };
  const shows = row.expanded && !row.empty;
  if (height > 0.75 && !shows) return { how: 'after', id: node.id, parentId: node.parentId };
  return { how: 'into', id: node.id, parentId: node.id };
}
