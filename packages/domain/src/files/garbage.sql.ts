import type { Db } from '@engawa/db';
import { RECOVERY_DAYS } from '@engawa/schema';

/** Any number, the same for every program: who collects garbage has it alone, who copies the store shares it. */
const STORE = 727_009;

/** Waits until no garbage is being collected, and keeps any from being until `leaveStore`, or the connection's end. */
export async function holdStore(connection: Db): Promise<void> {
  await connection`select pg_advisory_lock_shared(${STORE})`;
}

export async function leaveStore(connection: Db): Promise<void> {
  await connection`select pg_advisory_unlock_shared(${STORE})`;
}

/** The store for the collector alone; false while somebody holds it. */
export async function takeStore(connection: Db): Promise<boolean> {
  const [row] = await connection<{ taken: boolean }[]>`select pg_try_advisory_lock(${STORE}) as taken`;
  return row!.taken;
}

export async function giveStoreBack(connection: Db): Promise<void> {
  await connection`select pg_advisory_unlock(${STORE})`;
}

/** Uploads whose days are over, finished ones included: their rows were kept only to answer again. */
export async function expiredUploads(sql: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from uploads where expires_at < ${now} and finished_at is null order by expires_at limit ${limit}`;
  return rows.map((row) => row.id);
}

export async function dropFinishedUploads(sql: Db, now: Date): Promise<void> {
  await sql`delete from uploads where expires_at < ${now} and finished_at is not null`;
}

/** Starts the clock of blobs that belong to nothing any more, and stops that of those that do again. */
export async function markUnused(sql: Db, now: Date): Promise<void> {
  await sql`update blobs set unused_since = ${now} where item_id is null and unused_since is null`;
  await sql`update blobs set unused_since = null where item_id is not null and unused_since is not null`;
}

/** Takes the rows of blobs that have been garbage for the whole recovery window, and gives back their keys. */
export async function dropUnused(sql: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await sql<{ key: string }[]>`
    delete from blobs where id in (
      select id from blobs
      where item_id is null and unused_since < ${now}::timestamptz - ${RECOVERY_DAYS} * interval '1 day'
      order by unused_since limit ${limit} for update skip locked)
    returning key`;
  return rows.map((row) => row.key);
}

/** Of these keys of the store, those that no row knows: neither a blob nor an upload, nor the tail of one. */
export async function unknownKeys(sql: Db, keys: string[]): Promise<string[]> {
  const rows = await sql<{ key: string }[]>`
    select k.key from unnest(${keys}::text[]) as k (key)
    where not exists (select from blobs b where b.key = k.key)
      and not exists (select from uploads u
        where u.key in (k.key, regexp_replace(k.key, '-t[0-9a-f]{10}$', '')))`;
  return rows.map((row) => row.key);
}
