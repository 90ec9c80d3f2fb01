import type { Db } from '@engawa/db';
import type { Installation, NodeFigures, NodeRow } from '@engawa/schema';

export interface NodeReport {
  id: string;
  host: string;
  roles: string[];
  version: string;
  beganAt: Date;
  figures: NodeFigures;
}

/** Writes a process's row anew, and forgets those of processes that have been gone for a while. */
export async function upsertNode(sql: Db, node: NodeReport): Promise<void> {
  await sql`
    with gone as (delete from nodes where seen_at < now() - interval '15 minutes' and id <> ${node.id})
    insert into nodes (id, host, roles, version, began_at, figures)
    values (${node.id}, ${node.host}, ${node.roles}, ${node.version}, ${node.beganAt}, ${sql.json(node.figures as never)})
    on conflict (id) do update set seen_at = now(), figures = excluded.figures`;
}

export async function deleteNode(sql: Db, id: string): Promise<void> {
  await sql`delete from nodes where id = ${id}`;
}

/** By what they do and when they began; `silent` after that many milliseconds without a report. */
export async function nodeRows(sql: Db, silentAfter: number): Promise<NodeRow[]> {
  return sql<NodeRow[]>`
    select id, host, roles, version, began_at as "beganAt", seen_at as "seenAt", figures,
      seen_at < now() - ${silentAfter} * interval '1 millisecond' as silent
    from nodes order by roles = '{worker}', began_at, id`;
}

export async function insertBackup(
  sql: Db,
  { id, point, files, bytes, missing }: NonNullable<Installation['backup']> & { id: string },
): Promise<void> {
  await sql`
    insert into backups (id, point, files, bytes, missing) values (${id}, ${point}, ${files}, ${bytes}, ${missing})`;
}

export async function lastBackup(sql: Db): Promise<Installation['backup']> {
  const [row] = await sql<NonNullable<Installation['backup']>[]>`
    select point, files, bytes, missing from backups order by point desc limit 1`;
  return row ?? null;
}

export interface DatabaseFacts {
  at: Date;
  version: string;
  bytes: number;
}

export async function databaseFacts(sql: Db): Promise<DatabaseFacts> {
  const [row] = await sql<DatabaseFacts[]>`
    select now() as at, split_part(current_setting('server_version'), ' ', 1) as version,
      pg_database_size(current_database()) as bytes`;
  return row!;
}

/** Events that the sequencer has not numbered yet: nobody follows them while the worker is away. */
export async function unseenEvents(sql: Db): Promise<{ events: number; eventsSince: number }> {
  const [row] = await sql<{ events: number; eventsSince: number }[]>`
    select count(*)::int as events,
      coalesce(greatest(extract(epoch from now() - min(at)), 0), 0)::float8 as "eventsSince"
    from ledger where pos is null`;
  return row!;
}
