import type { Db } from '@engawa/db';
import { TRASH_DAYS, type TrashRow } from '@engawa/schema';
import { type Reach, visibleTo } from '../grants/index.ts';

/** What was thrown away in the space, newest first; counts only what lies within reach. */
export async function trashIn(sql: Db, spaceId: string, reach: Reach): Promise<Omit<TrashRow, 'can'>[]> {
  const visible = () => visibleTo(sql, reach, { trashed: true });
  return sql<Omit<TrashRow, 'can'>[]>`
    with counts as (
      select i.trash_root, count(*)::int - 1 as below from items i
      where i.space_id = ${spaceId} and i.trash_root is not null and ${visible()} group by i.trash_root)
    select i.id, i.space_id as "spaceId", i.kind, i.title, i.trashed_at as "trashedAt",
      case when p.id is not null then json_build_object('id', p.id, 'name', p.name, 'kana', p.kana) end as "trashedBy",
      i.trashed_at + ${TRASH_DAYS} * interval '1 day' as "purgeAt", counts.below
    from items i join counts on counts.trash_root = i.id left join people p on p.id = i.trashed_by
    where i.trash_root = i.id and ${visible()}
    order by i.trashed_at desc, i.id`;
}

/** Marks the item and everything live below it. What was in the trash before stays its own entry. */
export async function markTrashed(tx: Db, id: string, by: string): Promise<void> {
  await tx`
    with recursive down as (
      select id from items where id = ${id} and trash_root is null
      union all
      select i.id from items i join down on i.parent_id = down.id where i.trash_root is null)
    update items set trash_root = ${id}, trashed_at = now(), trashed_by = ${by}
    from down where items.id = down.id`;
}

export async function unmarkTrashed(tx: Db, id: string): Promise<void> {
  await tx`update items set trash_root = null, trashed_at = null, trashed_by = null where trash_root = ${id}`;
}

/** Whether a retention rule or a hold keeps anything of the subtree. */
export async function isKept(tx: Db, id: string): Promise<boolean> {
  const [row] = await tx<{ kept: boolean }[]>`
    with recursive down as (
      select id, hold, retain_until from items where id = ${id}
      union all
      select i.id, i.hold, i.retain_until from items i join down on i.parent_id = down.id)
    select exists (select from down where hold or retain_until > now()) as kept`;
  return row!.kept;
}

/** Deletes the item and everything below it for good, with the grants and invitations on them. */
export async function deleteSubtree(tx: Db, id: string, by: string): Promise<number> {
  const rows = await tx<{ id: string }[]>`
    with recursive down as (
      select id, 0 as level from items where id = ${id}
      union all
      select i.id, level + 1 from items i join down on i.parent_id = down.id)
    select id from down order by level desc`;
  const ids = rows.map((row) => row.id);
  await tx`
    update grants set revoked_at = now(), revoked_by = ${by}
    where object_id = any(${ids}::uuid[]) and revoked_at is null`;
  await tx`delete from invitations where object_id = any(${ids}::uuid[])`;
  await tx`delete from items where id = any(${ids}::uuid[])`;
  return ids.length;
}

export interface Due {
  id: string;
  trashedBy: string;
  spaceId: string;
}

/** Entries of the trash whose days are over. */
export async function dueForPurge(sql: Db, limit: number): Promise<Due[]> {
  return sql<Due[]>`
    select id, trashed_by as "trashedBy", space_id as "spaceId" from items
    where trash_root = id and trashed_at < now() - ${TRASH_DAYS} * interval '1 day'
    order by trashed_at limit ${limit}`;
}

/** Locks an entry of the trash; null when it has left the trash meanwhile. */
export async function lockTrashed(
  tx: Db,
  id: string,
): Promise<{ spaceId: string; parentId: string | null } | null> {
  const [row] = await tx<{ spaceId: string; parentId: string | null }[]>`
    select space_id as "spaceId", parent_id as "parentId" from items
    where id = ${id} and trash_root = id for update`;
  return row ?? null;
}
