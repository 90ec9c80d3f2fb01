import type { ItemRow } from '@engawa/schema';

const MOST = 4;

/**
 * Documents and boards that were changed last. Nothing where all of them stand in the list below anyway, or where
 * there are too few to look for.
 */
export function recentWork(items: ItemRow[]): ItemRow[] {
  const work = items.filter(({ kind }) => kind === 'doc' || kind === 'board');
  if (work.length < 2 || work.every(({ parentId }) => parentId === null)) return [];
  return work.toSorted((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime()).slice(0, MOST);
}
