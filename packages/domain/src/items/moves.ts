import type { Tx } from '@engawa/db';
import { Conflict, type MovedItem, MoveItemInput, NotFound, parse } from '@engawa/schema';
import { type Ctx, inside } from '../ctx.ts';
import { bumpEpoch, requireAccess, requireMayLetIn } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import * as db from './items.sql.ts';
import { requireDepth, requirePlace, requireRoom } from './items.ts';
import { keyFor } from './order.ts';
import { requireQuota } from './quota.ts';
import { bytesOfSubtree } from './quota.sql.ts';
import { rowOf } from './tree.ts';

/**
 * Moves the item, with everything below it, into another folder or to another place among its siblings; without
 * `before` and `after` it goes last. Needs `edit` on the item and in the new place; into another space also `delete`;
 * where others would be let in, or hold more, `share` on the item. Errors: Forbidden `items.lets_in`;
 * Conflict `items.not_a_folder`, `items.into_itself`, `items.sibling_gone`, `items.too_deep`, `items.too_many`, and `files.quota` where the
 * other space has no room for the bytes.
 */
export async function moveItem(ctx: Ctx, input: MoveItemInput): Promise<MovedItem> {
  const { id, parentId, before, after } = parse(MoveItemInput, input);
  return ctx.sql.begin(async (tx) => {
    const mine = inside(ctx, tx);
    const { old, spaceId } = await lockMove(mine, tx, id, parentId);
    const from = await placeBefore(tx, old);
    if (spaceId !== old.spaceId) {
      await requireAccess(mine, 'delete', id);
      await requireRoom(tx, spaceId, (await db.sizeOfSubtree(tx, id)).items);
      await requireQuota(tx, spaceId, await bytesOfSubtree(tx, id));
    }
    if (parentId && parentId !== old.parentId) await requireFits(tx, id, parentId);
    const sortKey = await keyFor(tx, spaceId, parentId, id, { before, after });
    await db.setPlace(tx, id, { spaceId, parentId, sortKey });
    if (parentId !== old.parentId || spaceId !== old.spaceId) await carryAlong(tx, old, spaceId);
    const ids: Record<string, string> = parentId ? { into: parentId } : {};
    await record(tx, ctx, { verb: 'items.moved', objectKind: 'item', objectId: id, spaceId, ids });
    return { item: await rowOf(mine, id), from };
  });
}

/**
 * Asks for permission, then takes the exclusive lock on the trees concerned, then asks again: what was decided
 * before the lock may have moved since.
 */
async function lockMove(
  ctx: Ctx,
  tx: Tx,
  id: string,
  parentId: string | null,
): Promise<{ old: db.Place; spaceId: string }> {
  const first = await requireAccess(ctx, 'edit', id);
  if (first.objectKind !== 'item') throw new NotFound();
  const target = parentId ? await requireAccess(ctx, 'edit', parentId) : first;
  await db.lockTree(tx, [first.spaceId!, target.spaceId!], 'exclusive');
  const access = await requireAccess(ctx, 'edit', id);
  const old = (await db.placeOf(tx, id))!;
  const spaceId = parentId ? target.spaceId! : old.spaceId;
  const place = await requirePlace(ctx, { spaceId, parentId });
  // What is limited itself has nobody come in from above.
  if (!old.limited) await requireMayLetIn(tx, access, place.accessPath);
  if (old.spaceId !== first.spaceId) throw new Conflict('items.moved_meanwhile', 'It was moved meanwhile');
  return { old, spaceId };
}

async function requireFits(tx: Tx, id: string, parentId: string): Promise<void> {
  const above = await db.ancestorsOf(tx, parentId);
  if (parentId === id || above.some((ancestor) => ancestor.id === id)) {
    throw new Conflict('items.into_itself', 'A folder cannot be moved into itself');
  }
  await requireDepth(tx, parentId, (await db.sizeOfSubtree(tx, id)).levels);
}

/** Access follows the place: paths below are computed anew and open connections decided anew. */
async function carryAlong(tx: Tx, old: db.Place, spaceId: string): Promise<void> {
  await db.rebuildPaths(tx, old.id);
  if (spaceId !== old.spaceId) await db.carryGrants(tx, old.id, spaceId);
  await bumpEpoch(tx, [...new Set([old.spaceId, spaceId])]);
}

/** Where it was, as `moveItem` takes it: at most one neighbour. */
async function placeBefore(tx: Tx, old: db.Place): Promise<MovedItem['from']> {
  const siblings = (await db.siblingsIn(tx, old.spaceId, old.parentId)).filter((row) => !row.trashed);
  const index = siblings.findIndex((row) => row.id === old.id);
  const after = siblings[index - 1]?.id ?? null;
  return { parentId: old.parentId, after, before: after ? null : (siblings[index + 1]?.id ?? null) };
}
