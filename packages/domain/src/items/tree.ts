import { type Abilities, type ItemDetail, type ItemRow, NotFound } from '@engawa/schema';
import { abilities } from '@engawa/access';
import type { Ctx } from '../ctx.ts';
import { accessOfMany, reachOf, requireAccess } from '../grants/index.ts';
import { mayKeep } from '../spaces/index.ts';
import { ancestorsOf, type BareItem, itemById, itemsIn } from './items.sql.ts';

const NOTHING: Abilities = abilities(0);

/**
 * The items of a space that the caller may know of, flat and in the order in which the tree is drawn (each folder
 * before what lies in it). Whoever sees a folder but not the one above it gets it at the root. Needs `discover`.
 */
export async function tree(ctx: Ctx, spaceId: string): Promise<ItemRow[]> {
  const space = await requireAccess(ctx, 'discover', spaceId);
  const rows = await itemsIn(ctx.sql, space.objectId, await reachOf(ctx, 'discover'));
  return inOrder(await withFlags(ctx, rows));
}

/** One item with the way to it. Needs `discover`; in the trash, only for those who may take it out. */
export async function item(ctx: Ctx, id: string): Promise<ItemDetail> {
  const access = await requireAccess(ctx, 'discover', id, { trashed: true });
  if (access.trashed && !access.can.delete) throw new NotFound();
  const row = await itemById(ctx.sql, access.objectId);
  if (!row) throw new NotFound();
  const above = await ancestorsOf(ctx.sql, row.id);
  const seen = await accessOfMany(
    ctx,
    above.map((ancestor) => ancestor.id),
  );
  const breadcrumb = above.filter((ancestor) => seen.has(ancestor.id));
  const { spaceName, guestOffline, ...bare } = row;
  return {
    ...bare,
    parentId: bare.parentId && seen.has(bare.parentId) ? bare.parentId : null,
    can: access.can,
    keeps: mayKeep(access, guestOffline),
    space: { id: row.spaceId, name: spaceName },
    breadcrumb,
  };
}

/** The item as a row, for verbs that have just changed it. */
export async function rowOf(ctx: Ctx, id: string): Promise<ItemRow> {
  const row = await itemById(ctx.sql, id);
  if (!row) throw new NotFound();
  const { spaceName: _name, trashedAt: _at, guestOffline: _offline, ...bare } = row;
  const seen = await accessOfMany(ctx, bare.parentId ? [id, bare.parentId] : [id]);
  return {
    ...bare,
    parentId: bare.parentId && seen.has(bare.parentId) ? bare.parentId : null,
    can: seen.get(id)?.can ?? NOTHING,
  };
}

async function withFlags(ctx: Ctx, rows: BareItem[]): Promise<ItemRow[]> {
  const ids = rows.map((row) => row.id);
  const access = await accessOfMany(ctx, ids);
  // One object for each person: thousands of rows name them once on their way to the page.
  const people = new Map(rows.map(({ updatedBy }) => [updatedBy?.id, updatedBy]));
  return rows.flatMap((row) => {
    const mine = access.get(row.id);
    if (!mine) return [];
    const parentId = row.parentId && access.has(row.parentId) ? row.parentId : null;
    return [{ ...row, parentId, updatedBy: people.get(row.updatedBy?.id) ?? null, can: mine.can }];
  });
}

/** Depth first; `rows` come sorted among siblings. */
function inOrder(rows: ItemRow[]): ItemRow[] {
  const children = Map.groupBy(rows, (row) => row.parentId);
  const ordered: ItemRow[] = [];
  const stack = [...(children.get(null) ?? [])].reverse();
  for (let row = stack.pop(); row; row = stack.pop()) {
    ordered.push(row);
    stack.push(...[...(children.get(row.id) ?? [])].reverse());
  }
  return ordered;
}
