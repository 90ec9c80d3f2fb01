import type { Db } from '@engawa/db';

/** Two that bring bytes into one space take turns, so that both are counted. */
export async function lockQuota(tx: Db, spaceId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(727008, hashtext(${spaceId}))`;
}

/** What the space may hold, and what it holds and has promised, in bytes. Quota null: no limit. */
export async function usage(sql: Db, spaceId: string): Promise<{ quota: number | null; used: number }> {
  const [row] = await sql<{ quota: number | null; used: number }[]>`
    select s.quota_bytes as quota, (
      coalesce((select sum(b.size) from blobs b join items i on i.id = b.item_id where i.space_id = s.id), 0)
      + coalesce((select sum(u.size) from uploads u
          where u.space_id = s.id and u.finished_at is null and u.expires_at > now()), 0))::bigint as used
    from spaces s where s.id = ${spaceId}`;
  return row!;
}

/** Bytes of the item and of everything below it, in the trash or not. */
export async function bytesOfSubtree(sql: Db, id: string): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    with recursive down as (
      select id from items where id = ${id}
      union all
      select i.id from items i join down on i.parent_id = down.id)
    select coalesce(sum(b.size), 0)::bigint as bytes from down join blobs b on b.item_id = down.id`;
  return row!.bytes;
}
