import type { Tx } from '@engawa/db';
import {
  type Capability,
  Conflict,
  CreateItemInput,
  type ItemRow,
  MAX_DEPTH,
  MAX_ITEMS,
  newId,
  NotFound,
  parse,
  ProvideFolderInput,
  RenameItemInput,
} from '@engawa/schema';
import { type Ctx, inside, personOf } from '../ctx.ts';
import { type Access, type AccessOptions, accessOfMany, requireAccess } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import * as db from './items.sql.ts';
import { keyFor } from './order.ts';
import { rowOf } from './tree.ts';

/**
 * Makes an item at the end of a folder, or of the space's root. Needs `edit` there.
 * Errors: Conflict `items.not_a_folder`, `items.too_deep`, `items.too_many`.
 */
export async function createItem(ctx: Ctx, input: CreateItemInput): Promise<ItemRow> {
  const wanted = parse(CreateItemInput, input);
  return ctx.sql.begin(async (tx) => {
    const place = await lockPlace(ctx, tx, wanted);
    return add(ctx, tx, place, wanted);
  });
}

/**
 * A folder of one of these titles that the caller may put things into; where there is none, it is made under the first.
 * Two who ask at once get the same. Needs `edit` in the place. Errors: those of `createItem`.
 */
export async function provideFolder(ctx: Ctx, input: ProvideFolderInput): Promise<ItemRow> {
  const { spaceId, parentId, titles } = parse(ProvideFolderInput, input);
  return ctx.sql.begin(async (tx) => {
    const place = await lockPlace(ctx, tx, { spaceId, parentId });
    const named = await db.foldersNamed(tx, spaceId, parentId, titles);
    const seen = await accessOfMany(inside(ctx, tx), named);
    const there = named.find((id) => seen.get(id)?.can.upload);
    if (there) return rowOf(inside(ctx, tx), there);
    return add(ctx, tx, place, { spaceId, parentId, kind: 'folder', title: titles[0]! });
  });
}

interface Spot {
  spaceId: string;
  parentId: string | null;
}

/** Asks for the place, and keeps others from putting anything there until the end of the transaction. */
async function lockPlace(ctx: Ctx, tx: Tx, spot: Spot): Promise<Access> {
  await db.lockTree(tx, [spot.spaceId], 'shared');
  const place = await requirePlace(inside(ctx, tx), spot);
  await db.lockSiblings(tx, place.objectId);
  return place;
}

async function add(ctx: Ctx, tx: Tx, place: Access, item: CreateItemInput): Promise<ItemRow> {
  const { spaceId, parentId } = item;
  const id = newId();
  await requireRoom(tx, spaceId, 1);
  await requireDepth(tx, parentId, 1);
  const sortKey = await keyFor(tx, spaceId, parentId, null);
  const accessPath = [id, ...place.accessPath];
  await db.insertItem(tx, { ...item, id, sortKey, accessPath, by: personOf(ctx) });
  await record(tx, ctx, { verb: 'items.created', objectKind: 'item', objectId: id, spaceId });
  return rowOf(inside(ctx, tx), id);
}

/** Gives the item another title. Needs `edit`. */
export async function renameItem(ctx: Ctx, input: RenameItemInput): Promise<ItemRow> {
  const { id, title } = parse(RenameItemInput, input);
  return ctx.sql.begin(async (tx) => {
    const mine = inside(ctx, tx);
    const { spaceId } = await requireAccess(mine, 'edit', id);
    await db.setTitle(tx, id, title, personOf(ctx));
    await record(tx, ctx, { verb: 'items.renamed', objectKind: 'item', objectId: id, spaceId });
    return rowOf(mine, id);
  });
}

/**
 * Asks for `edit` where something is to be put: in the folder, or at the root of the space. The folder must lie in
 * that space, so that of two ids sent both are authorised.
 */
export async function requirePlace(ctx: Ctx, { spaceId, parentId }: Spot): Promise<Access> {
  const access = await requireAccess(ctx, 'edit', parentId ?? spaceId);
  if (access.spaceId !== spaceId) throw new NotFound();
  if (!parentId && access.objectKind !== 'space') throw new NotFound();
  if (parentId && access.itemKind !== 'folder') {
    throw new Conflict('items.not_a_folder', 'Only folders hold items', { kind: access.itemKind });
  }
  return access;
}

/**
 * Asks for permission on an item, takes the exclusive lock on its tree, and asks again: what was decided before the
 * lock may have moved since. Conflict `items.moved_meanwhile` when it went into another space in between.
 */
export async function requireLocked(
  ctx: Ctx,
  tx: Tx,
  capability: Capability,
  id: string,
  options: AccessOptions = {},
): Promise<Access> {
  const first = await requireAccess(ctx, capability, id, options);
  if (first.objectKind !== 'item') throw new NotFound();
  await db.lockTree(tx, [first.spaceId!], 'exclusive');
  const access = await requireAccess(ctx, capability, id, options);
  if (access.spaceId !== first.spaceId) throw new Conflict('items.moved_meanwhile', 'It was moved meanwhile');
  return access;
}

/** Refuses what would make the space hold more than it can show. */
export async function requireRoom(tx: Tx, spaceId: string, more: number): Promise<void> {
  if ((await db.countItems(tx, spaceId)) + more > MAX_ITEMS) {
    throw new Conflict('items.too_many', 'The space is full', { max: MAX_ITEMS });
  }
}

/** Refuses a tree deeper than `MAX_DEPTH`; `levels` is how many the new part has. */
export async function requireDepth(tx: Tx, parentId: string | null, levels: number): Promise<void> {
  if (!parentId) return;
  const above = (await db.ancestorsOf(tx, parentId)).length + 1;
  if (above + levels > MAX_DEPTH) throw new Conflict('items.too_deep', 'Too many levels', { max: MAX_DEPTH });
}
