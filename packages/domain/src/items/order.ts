import type { Db } from '@engawa/db';
import { Conflict } from '@engawa/schema';
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';
import { lastKeyIn, setSortKeys, siblingsIn, type Sibling } from './items.sql.ts';

/** Beyond this length the siblings get short keys again. */
const LONGEST_KEY = 60;

export interface Where {
  before?: string | null;
  after?: string | null;
}

/**
 * A sort key for a place among the children of `parentId`: before or after a named sibling, or last.
 * Siblings whose keys leave no room between them get new ones. Throws Conflict `items.sibling_gone`.
 */
export async function keyFor(
  tx: Db,
  spaceId: string,
  parentId: string | null,
  movingId: string | null,
  where: Where = {},
): Promise<string> {
  if (!where.before && !where.after) {
    const key = keyBetween(await lastKeyIn(tx, spaceId, parentId, movingId), null);
    if (key !== null && key.length <= LONGEST_KEY) return key;
  }
  const siblings = (await siblingsIn(tx, spaceId, parentId)).filter((row) => row.id !== movingId);
  const at = indexOf(siblings, where);
  const key = keyBetween(siblings[at - 1]?.sortKey ?? null, siblings[at]?.sortKey ?? null);
  if (key !== null && key.length <= LONGEST_KEY) return key;
  const keys = generateNKeysBetween(null, null, siblings.length + 1);
  const [own] = keys.splice(at, 1);
  await setSortKeys(
    tx,
    siblings.map((row, index) => ({ id: row.id, sortKey: keys[index]! })),
  );
  return own!;
}

function indexOf(siblings: Sibling[], { before, after }: Where): number {
  const named = before ?? after;
  if (!named) return siblings.length;
  const index = siblings.findIndex((row) => row.id === named && !row.trashed);
  if (index === -1) throw new Conflict('items.sibling_gone', 'The neighbour is not there any more');
  return before ? index : index + 1;
}

/** Null where there is no room, or a key of another making. */
function keyBetween(a: string | null, b: string | null): string | null {
  try {
    return generateKeyBetween(a, b);
  } catch {
    return null;
  }
}
