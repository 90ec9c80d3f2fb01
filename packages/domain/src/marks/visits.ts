import { type Found, ItemIdInput, NotFound, parse, type UnreadItem } from '@engawa/schema';
import { type Ctx, personOf } from '../ctx.ts';
import { reachOf, requireAccess } from '../grants/index.ts';
import { changedSince, setVisit, visitedBy } from './marks.sql.ts';

/** How many were opened lately. */
const RECENT = 8;

/** What the caller opened last and may still know of, the latest first. Theirs alone. */
export async function recent(ctx: Ctx): Promise<Found[]> {
  return visitedBy(ctx.sql, personOf(ctx), await reachOf(ctx, 'discover'), RECENT);
}

/** Items of all spaces that others changed since the caller last opened them, in one query. Theirs alone. */
export async function unread(ctx: Ctx): Promise<UnreadItem[]> {
  return changedSince(ctx.sql, personOf(ctx), await reachOf(ctx, 'discover'));
}

/**
 * The caller has the item before them now. Needs `discover`. Reading is no change of anything, so the ledger holds
 * none of it: who read what, and when, is for nobody to look up.
 */
export async function visit(ctx: Ctx, input: ItemIdInput): Promise<void> {
  const { id } = parse(ItemIdInput, input);
  const { objectId, objectKind } = await requireAccess(ctx, 'discover', id);
  if (objectKind !== 'item') throw new NotFound();
  await setVisit(ctx.sql, personOf(ctx), objectId);
}
