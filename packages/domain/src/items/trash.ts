import type { Tx } from '@engawa/db';
import { Conflict, ItemIdInput, type ItemRow, parse, type TrashRow } from '@engawa/schema';
import { type Ctx, inside, personOf } from '../ctx.ts';
import {
  type Access,
  accessOfMany,
  bumpEpoch,
  reachOf,
  requireAccess,
  requireMayLetIn,
} from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import { lockTree, placeOf, rebuildPaths, setPlace, sizeOfSubtree } from './items.sql.ts';
import { requireDepth, requireLocked, requirePlace } from './items.ts';
import { keyFor } from './order.ts';
import * as db from './trash.sql.ts';
import { rowOf } from './tree.ts';

/** Puts the item into the trash, with everything below it, for 30 days. Needs `delete`. */
export async function trashItem(ctx: Ctx, input: ItemIdInput): Promise<void> {
  const { id } = parse(ItemIdInput, input);
  await ctx.sql.begin(async (tx) => {
    const { spaceId } = await requireLocked(inside(ctx, tx), tx, 'delete', id);
    await db.markTrashed(tx, id, personOf(ctx));
    await record(tx, ctx, { verb: 'items.trashed', objectKind: 'item', objectId: id, spaceId });
    await bumpEpoch(tx, spaceId!);
  });
}

/** What was thrown away in the space, of what the caller may delete: they may take it out again. */
export async function trash(ctx: Ctx, spaceId: string): Promise<TrashRow[]> {
  const space = await requireAccess(ctx, 'discover', spaceId);
  const rows = await db.trashIn(ctx.sql, space.objectId, await reachOf(ctx, 'delete'));
  const ids = rows.map((row) => row.id);
  const access = await accessOfMany(ctx, ids, { trashed: true });
  return rows.flatMap((row) => {
    const mine = access.get(row.id);
    return mine ? [{ ...row, can: mine.can }] : [];
  });
}

/**
 * Takes an entry out of the trash: to its old place, or to the root of the space when the folder is gone.
 * Needs `delete` on it and `edit` in that place; where others would be let in, `share` (Forbidden `items.lets_in`).
 * Conflict `items.not_in_trash` for what is not an entry.
 */
export async function restoreItem(ctx: Ctx, input: ItemIdInput): Promise<ItemRow> {
  const { id } = parse(ItemIdInput, input);
  return ctx.sql.begin(async (tx) => {
    const mine = inside(ctx, tx);
    const access = await requireEntry(mine, tx, id, 'delete');
    const spaceId = access.spaceId!;
    const old = (await placeOf(tx, id))!;
    const parent = old.parentId ? await placeOf(tx, old.parentId) : null;
    const parentId = parent && !parent.trashRoot ? parent.id : null;
    const place = await requirePlace(mine, { spaceId, parentId });
    if (!old.limited) await requireMayLetIn(tx, access, place.accessPath);
    await requireDepth(tx, parentId, (await sizeOfSubtree(tx, id)).levels);
    await db.unmarkTrashed(tx, id);
    if (parentId !== old.parentId) {
      await setPlace(tx, id, { spaceId, parentId, sortKey: await keyFor(tx, spaceId, parentId, id) });
    }
    await rebuildPaths(tx, id);
    await record(tx, ctx, { verb: 'items.restored', objectKind: 'item', objectId: id, spaceId });
    await bumpEpoch(tx, spaceId);
    return rowOf(mine, id);
  });
}

/**
 * Deletes an entry of the trash for good, with everything below it. Needs `manage`.
 * Conflict `items.kept` while a retention rule or a hold keeps any of it.
 */
export async function purgeItem(ctx: Ctx, input: ItemIdInput): Promise<void> {
  const { id } = parse(ItemIdInput, input);
  await ctx.sql.begin(async (tx) => {
    const { spaceId } = await requireEntry(inside(ctx, tx), tx, id, 'manage');
    if (await db.isKept(tx, id)) throw new Conflict('items.kept', 'A rule keeps this until a later day');
    await purge(tx, ctx, id, spaceId!);
  });
}

/**
 * A job: purges what has lain in the trash for 30 days and is kept by no rule, each on behalf of whoever threw it
 * away. Returns how many entries went. Called by the worker alone; no request reaches it.
 */
export async function purgeExpired(ctx: Ctx, limit = 100): Promise<number> {
  let gone = 0;
  for (const due of await db.dueForPurge(ctx.sql, limit)) {
    const own: Ctx = { ...ctx, caller: { kind: 'job', personId: due.trashedBy, job: 'purge' } };
    gone += await ctx.sql.begin(async (tx) => {
      await lockTree(tx, [due.spaceId], 'exclusive');
      if (!(await db.lockTrashed(tx, due.id)) || (await db.isKept(tx, due.id))) return 0;
      await purge(tx, own, due.id, due.spaceId);
      return 1;
    });
  }
  return gone;
}

async function purge(tx: Tx, ctx: Ctx, id: string, spaceId: string): Promise<void> {
  const data = { items: await db.deleteSubtree(tx, id, personOf(ctx)) };
  await record(tx, ctx, { verb: 'items.purged', objectKind: 'item', objectId: id, spaceId, data });
  await bumpEpoch(tx, spaceId);
}

async function requireEntry(ctx: Ctx, tx: Tx, id: string, capability: 'delete' | 'manage'): Promise<Access> {
  const access = await requireLocked(ctx, tx, capability, id, { trashed: true });
  if (!(await db.lockTrashed(tx, id))) throw new Conflict('items.not_in_trash', 'This is not in the trash');
  return access;
}
