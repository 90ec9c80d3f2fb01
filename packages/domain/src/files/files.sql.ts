import type { Db } from '@engawa/db';
import type { FileVersion } from '@engawa/schema';
import { type Reach, visibleTo } from '../grants/index.ts';

export type StoredVersion = FileVersion & { key: string };

const versionColumns = (sql: Db) => sql`
  v.id, v.item_id as "itemId", v.number, b.size, encode(b.sha256, 'hex') as sha256, b.type, v.label,
  exists (select from thumbnails t where t.blob_id = v.blob_id and t.picture_id is not null) as thumbnail,
  v.restored_from as "restoredFrom", v.created_at as at,
  json_build_object('id', p.id, 'name', p.name, 'kana', p.kana) as by`;

/** All versions of a file, newest first. */
export async function versionsOf(sql: Db, itemId: string): Promise<FileVersion[]> {
  return sql<FileVersion[]>`
    select ${versionColumns(sql)}
    from file_versions v join blobs b on b.id = v.blob_id join people p on p.id = v.created_by
    where v.item_id = ${itemId} order by v.number desc`;
}

/** One version with its place in the store; the newest when no number is given. */
export async function versionOf(sql: Db, itemId: string, number?: number): Promise<StoredVersion | null> {
  const [row] = await sql<StoredVersion[]>`
    select ${versionColumns(sql)}, b.key
    from file_versions v join blobs b on b.id = v.blob_id join people p on p.id = v.created_by
    where v.item_id = ${itemId} ${number === undefined ? sql`` : sql`and v.number = ${number}`}
    order by v.number desc limit 1`;
  return row ?? null;
}

/** The newest version of each file of the space within reach; with a folder, of those that lie directly in it. */
export async function newestIn(
  sql: Db,
  spaceId: string,
  folderId: string | null,
  reach: Reach,
): Promise<FileVersion[]> {
  return sql<FileVersion[]>`
    select distinct on (v.item_id) ${versionColumns(sql)}
    from items i join file_versions v on v.item_id = i.id
      join blobs b on b.id = v.blob_id join people p on p.id = v.created_by
    where i.space_id = ${spaceId} ${folderId ? sql`and i.parent_id = ${folderId}` : sql``} and ${visibleTo(sql, reach)}
    order by v.item_id, v.number desc`;
}

export async function insertBlob(
  tx: Db,
  blob: { id: string; key: string; itemId: string; size: number; sha256: string; type: string },
): Promise<void> {
  await tx`
    insert into blobs (id, key, item_id, size, sha256, type)
    values (${blob.id}, ${blob.key}, ${blob.itemId}, ${blob.size}, decode(${blob.sha256}, 'hex'), ${blob.type})`;
}

/** Adds the next version. The item's row is locked, so that two of them get two numbers. */
export async function insertVersion(
  tx: Db,
  version: { id: string; itemId: string; blobId: string; restoredFrom?: number; by: string },
): Promise<number> {
  await tx`
    update items set updated_at = now(), updated_by = ${version.by} where id = ${version.itemId}`;
  const [row] = await tx<{ number: number }[]>`
    insert into file_versions (id, item_id, number, blob_id, restored_from, created_by)
    select ${version.id}, ${version.itemId}, coalesce(max(number), 0) + 1, ${version.blobId},
      ${version.restoredFrom ?? null}::integer, ${version.by}
    from file_versions where item_id = ${version.itemId} returning number`;
  return row!.number;
}

export async function blobOf(sql: Db, itemId: string, number: number): Promise<string | null> {
  const [row] = await sql<{ id: string }[]>`
    select blob_id as id from file_versions where item_id = ${itemId} and number = ${number}`;
  return row?.id ?? null;
}

export async function setLabel(tx: Db, itemId: string, number: number, label: string): Promise<boolean> {
  const rows = await tx`
    update file_versions set label = ${label} where item_id = ${itemId} and number = ${number} returning 1`;
  return rows.length > 0;
}

export interface Namesake {
  id: string;
  kind: string;
}

/** What lives in the same place under the same name; capital and small letters are the same. */
export async function namesakesOf(
  sql: Db,
  spaceId: string,
  parentId: string | null,
  name: string,
): Promise<Namesake[]> {
  return sql<Namesake[]>`
    select id, kind from items
    where space_id = ${spaceId} and parent_id is not distinct from ${parentId} and trash_root is null
      and lower(title) = lower(${name})
    order by created_at`;
}

/** Who in the place bears one of these names, and which; capital and small letters are the same. */
export async function bearersOf(
  sql: Db,
  spaceId: string,
  parentId: string | null,
  names: string[],
): Promise<{ id: string; name: string }[]> {
  // First one pass over the place, then names beside the few that it found: ten thousand siblings are not compared
  // with each name.
  return sql<{ id: string; name: string }[]>`
    with near as materialized (
      select i.id, lower(i.title) as lowered from items i
      where i.space_id = ${spaceId} and i.parent_id is not distinct from ${parentId} and i.trash_root is null
        and lower(i.title) = any(array(select lower(n) from unnest(${names}::text[]) as n)))
    select near.id, n.name from near join unnest(${names}::text[]) as n (name) on lower(n.name) = near.lowered`;
}

/** The last key among the siblings. (All of them need not be read only to append, and there may be ten thousand.) */
export async function lastSortKey(sql: Db, spaceId: string, parentId: string | null): Promise<string | null> {
  const [row] = await sql<{ key: string | null }[]>`
    select max(sort_key) as key from items
    where space_id = ${spaceId} and parent_id is not distinct from ${parentId}`;
  return row!.key;
}
