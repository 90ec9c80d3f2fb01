/**
 * The rows that carry a mark: those that changed, and each closed folder that hides one, so that no change is out of
 * sight. `open` says which folders show what they hold; lists show nothing of what lies in a folder.
 */
export function markedRows(
  rows: { id: string; parentId: string | null }[],
  changed: readonly { id: string }[],
  open: ReadonlySet<string> = new Set(),
): Set<string> {
  const parents = new Map(rows.map((row) => [row.id, row.parentId]));
  const marked = new Set<string>();
  for (const { id } of changed) {
    if (!parents.has(id)) continue;
    marked.add(id);
    for (let above = parents.get(id); above && !marked.has(above); above = parents.get(above)) {
      if (!open.has(above)) marked.add(above);
    }
  }
  return marked;
}
