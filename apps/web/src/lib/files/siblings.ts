import { itemPath, type ItemRow } from '@engawa/schema';

export interface Siblings {
  before: ItemRow | null;
  after: ItemRow | null;
  /** Which one of how many, from 1. */
  at: number;
  count: number;
}

/** The files beside this one, in the order of the tree. */
export function siblingsOf(rows: readonly ItemRow[], id: string): Siblings {
  const own = rows.find((row) => row.id === id);
  const files = own ? rows.filter((row) => row.kind === 'file' && row.parentId === own.parentId) : [];
  const at = files.findIndex((row) => row.id === id);
  return { before: files[at - 1] ?? null, after: files[at + 1] ?? null, at: at + 1, count: files.length };
}

export const pathOf = (row: ItemRow | null): string | undefined => (row ? itemPath(row) : undefined);
