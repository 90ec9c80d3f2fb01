import type { Db } from '@engawa/db';
import type { ItemKind, ItemRow } from '@engawa/schema';
import { type Reach, visibleTo } from '../grants/index.ts';

/** A row of the tree before the caller's flags are added. */
export type BareItem = Omit<ItemRow, 'can'>;

const columns = (sql: Db) => sql`
  i.id, i.space_id as "spaceId", i.parent_id as "parentId", i.kind, i.title, i.sort_key as "sortKey", i.limited,
  i.generation, i.created_at as "createdAt", i.updated_at as "updatedAt",
  json_build_object('id', p.id, 'name', p.name, 'kana', p.kana) as "updatedBy"`;

/** The items of the space that lie within reach. */
export async function itemsIn(sql: Db, spaceId: string, reach: Reach): Promise<BareItem[]> {
  return sql<BareItem[]>`
    select ${columns(sql)} from items i join people p on p.id = i.updated_by
    where i.space_id = ${spaceId} and ${visibleTo(sql, reach)}
    order by i.sort_key, i.id`;
}

export type ItemInSpace = BareItem & { spaceName: string; guestOffline: boolean; trashedAt: Date | null };

export async function itemById(sql: Db, id: string): Promise<ItemInSpace | null> {
  const [row] = await sql<ItemInSpace[]>`
    select ${columns(sql)}, s.name as "spaceName", s.guest_offline as "guestOffline", i.trashed_at as "trashedAt"
    from items i join people p on p.id = i.updated_by join spaces s on s.id = i.space_id
    where i.id = ${id}`;
  return row ?? null;
}

export interface Ancestor {
  id: string;
  kind: ItemKind;
  title: string;
}

/** The folders above the item, from the root down. */
export async function ancestorsOf(sql: Db, id: string): Promise<Ancestor[]> {
  return sql<Ancestor[]>`
    with recursive up as (
      select parent_id, 0 as step from items where id = ${id}
      union all
      select i.parent_id, up.step + 1 from items i join up on i.id = up.parent_id)
    select i.id, i.kind, i.title from up join items i on i.id = up.parent_id order by up.step desc`;
}

export interface Place {
  id: string;
  spaceId: string;
  parentId: string | null;
  kind: ItemKind;
  accessPath: string[];
  limited: boolean;
  trashRoot: string | null;
}

export async function placeOf(sql: Db, id: string): Promise<Place | null> {
  const [row] = await sql<Place[]>`
    select id, space_id as "spaceId", parent_id as "parentId", kind, access_path as "accessPath",
      limited, trash_root as "trashRoot"
    from items where id = ${id}`;
  return row ?? null;
}

/** How many items the space holds, trash included. */
export async function countItems(sql: Db, spaceId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from items where space_id = ${spaceId}`;
  return row!.count;
}

/** Items in the subtree, and how many levels it has (1 for a single item). */
export async function sizeOfSubtree(sql: Db, id: string): Promise<{ items: number; levels: number }> {
  const [row] = await sql<{ items: number; levels: number }[]>`
    with recursive down as (
      select id, 1 as level from items where id = ${id}
      union all
      select i.id, down.level + 1 from items i join down on i.parent_id = down.id)
    select count(*)::int as items, coalesce(max(level), 0)::int as levels from down`;
  return row!;
}

export async function insertItem(
  tx: Db,
  item: {
    id: string;
    spaceId: string;
    parentId: string | null;
    kind: ItemKind;
    title: string;
    sortKey: string;
    accessPath: string[];
    by: string;
  },
): Promise<void> {
  await tx`
    insert into items (id, space_id, parent_id, kind, title, sort_key, access_path, created_by, updated_by)
    values (${item.id}, ${item.spaceId}, ${item.parentId}, ${item.kind}, ${item.title}, ${item.sortKey},
      ${item.accessPath}::uuid[], ${item.by}, ${item.by})`;
}

/** Live folders that lie directly in the place under one of these titles, oldest first. */
export async function foldersNamed(
  tx: Db,
  spaceId: string,
  parentId: string | null,
  titles: string[],
): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select id from items
    where space_id = ${spaceId} and parent_id is not distinct from ${parentId} and trash_root is null
      and kind = 'folder' and title = any(${titles})
    order by created_at, id`;
  return rows.map(({ id }) => id);
}

export async function setTitle(tx: Db, id: string, title: string, by: string): Promise<void> {
  await tx`update items set title = ${title}, updated_at = now(), updated_by = ${by} where id = ${id}`;
}

export interface Sibling {
  id: string;
  sortKey: string;
  trashed: boolean;
}

/** Every child of the place in order, the trash included, so that what is restored finds its old place. */
export async function siblingsIn(sql: Db, spaceId: string, parentId: string | null): Promise<Sibling[]> {
  return sql<Sibling[]>`
    select id, sort_key as "sortKey", trash_root is not null as trashed from items
    where space_id = ${spaceId} and parent_id is not distinct from ${parentId}
    order by sort_key, id`;
}

/** The greatest sort key among the children of the place, but for one that is moving. */
export async function lastKeyIn(
  sql: Db,
  spaceId: string,
  parentId: string | null,
  exceptId: string | null,
): Promise<string | null> {
  const [row] = await sql<{ key: string | null }[]>`
    select max(sort_key) as key from items
    where space_id = ${spaceId} and parent_id is not distinct from ${parentId} and id is distinct from ${exceptId}`;
  return row!.key;
}

export async function setSortKeys(tx: Db, keys: { id: string; sortKey: string }[]): Promise<void> {
  await tx`
    update items set sort_key = k.key
    from unnest(${keys.map((k) => k.id)}::uuid[], ${keys.map((k) => k.sortKey)}::text[]) as k (id, key)
    where items.id = k.id`;
}

/** Puts the item in its new place; what follows from that for everything below is `rebuildPaths`. */
export async function setPlace(
  tx: Db,
  id: string,
  place: { spaceId: string; parentId: string | null; sortKey: string },
): Promise<void> {
  await tx`
    update items set space_id = ${place.spaceId}, parent_id = ${place.parentId}, sort_key = ${place.sortKey}
    where id = ${id}`;
}

/** Computes `access_path` anew for the item and everything below it, trash included, and carries the space along. */
export async function rebuildPaths(tx: Db, id: string): Promise<void> {
  await tx`
    with recursive down as (
      select i.id, i.space_id,
        case when i.limited then array[i.id]
          else i.id || coalesce(parent.access_path, array[s.id, s.organisation_id]) end as path
      from items i join spaces s on s.id = i.space_id left join items parent on parent.id = i.parent_id
      where i.id = ${id}
      union all
      select c.id, down.space_id, case when c.limited then array[c.id] else c.id || down.path end
      from items c join down on c.parent_id = down.id)
    update items set access_path = down.path, space_id = down.space_id from down where items.id = down.id`;
}

/** Grants and invitations on items of the subtree go with it into its new space. */
export async function carryGrants(tx: Db, rootId: string, spaceId: string): Promise<void> {
  const below = tx`
    with recursive down as (
      select id from items where id = ${rootId}
      union all select i.id from items i join down on i.parent_id = down.id)
    select id from down`;
  await tx`update grants set space_id = ${spaceId} where object_id in (${below})`;
  await tx`update invitations set space_id = ${spaceId} where object_id in (${below})`;
}

/** Readers and writers of the shape of the tree: inserting shares, moving and limiting does not. */
export async function lockTree(tx: Db, spaceIds: string[], how: 'shared' | 'exclusive'): Promise<void> {
  for (const id of [...new Set(spaceIds)].sort()) {
    if (how === 'shared') await tx`select pg_advisory_xact_lock_shared(727004, hashtext(${id}))`;
    else await tx`select pg_advisory_xact_lock(727004, hashtext(${id}))`;
  }
}

/** Two that insert into one folder take turns, so that both get a place of their own. */
export async function lockSiblings(tx: Db, parentOrSpaceId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(727005, hashtext(${parentOrSpaceId}))`;
}

/** Returns false when it already is so. */
export async function setLimited(tx: Db, id: string, limited: boolean): Promise<boolean> {
  const done = await tx`update items set limited = ${limited} where id = ${id} and limited <> ${limited}`;
  return done.count === 1;
}

/** People who manage exactly this item for good. */
export async function managersOn(tx: Db, id: string, manage: number): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    select count(*)::int as count from grants g join people p on p.id = g.principal_id
    where g.object_id = ${id} and g.principal_kind = 'person' and g.revoked_at is null and g.expires_at is null
      and g.mask & ${manage} = ${manage} and p.suspended_at is null and p.deleted_at is null`;
  return row!.count;
}

export async function hostOf(sql: Db, spaceId: string): Promise<string> {
  const [row] = await sql<{ id: string }[]>`select organisation_id as id from spaces where id = ${spaceId}`;
  return row!.id;
}
