import type { Db } from '@engawa/db';
import type { Part } from '@engawa/storage';

export interface Upload {
  id: string;
  spaceId: string;
  parentId: string | null;
  /** The file that gets a new version. */
  itemId: string | null;
  name: string;
  size: number;
  key: string;
  stage: string;
  received: number;
  createdBy: string;
  expiresAt: Date;
  finishedAt: Date | null;
  resultId: string | null;
}

const columns = (sql: Db) => sql`
  id, space_id as "spaceId", parent_id as "parentId", item_id as "itemId", name, size, key, stage, received,
  created_by as "createdBy", expires_at as "expiresAt", finished_at as "finishedAt", result_id as "resultId"`;

export type NewUpload = Omit<Upload, 'received' | 'finishedAt' | 'resultId'>;

export async function insertUpload(tx: Db, upload: NewUpload): Promise<void> {
  await tx`
    insert into uploads (id, space_id, parent_id, item_id, name, size, key, stage, created_by, expires_at)
    values (${upload.id}, ${upload.spaceId}, ${upload.parentId}, ${upload.itemId}, ${upload.name}, ${upload.size},
      ${upload.key}, ${upload.stage}, ${upload.createdBy}, ${upload.expiresAt})`;
}

/** The person's own upload; that of anybody else does not exist for them. */
export async function uploadOf(sql: Db, id: string, personId: string): Promise<Upload | null> {
  const [row] = await sql<Upload[]>`
    select ${columns(sql)} from uploads where id = ${id} and created_by = ${personId}`;
  return row ?? null;
}

export async function openUploadsOf(sql: Db, personId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from uploads
    where created_by = ${personId} and finished_at is null and expires_at > now()`;
  return row!.count;
}

/** Takes the pen where the upload stands at that offset; false when it stands elsewhere or is over. */
export async function takePen(sql: Db, id: string, offset: number, pen: string): Promise<boolean> {
  const rows = await sql`
    update uploads set pen = ${pen}
    where id = ${id} and received = ${offset} and finished_at is null and expires_at > now() returning 1`;
  return rows.length > 0;
}

/** Remembers a durable part; false when somebody else has taken the pen. */
export async function commitPart(sql: Db, id: string, pen: string, part: Part): Promise<boolean> {
  const rows = await sql`
    with mine as (
      update uploads set received = ${part.start + part.size}
      where id = ${id} and pen = ${pen} and finished_at is null returning id)
    insert into upload_parts (upload_id, n, start, size, tag)
    select id, ${part.n}, ${part.start}, ${part.size}, ${part.tag} from mine
    on conflict (upload_id, n) do update set start = excluded.start, size = excluded.size, tag = excluded.tag
    returning 1`;
  return rows.length > 0;
}

export async function partsOf(sql: Db, id: string): Promise<Part[]> {
  return sql<Part[]>`select n, start, size, tag from upload_parts where upload_id = ${id} order by n`;
}

export async function lastPartOf(sql: Db, id: string): Promise<Part | null> {
  const [row] = await sql<Part[]>`
    select n, start, size, tag from upload_parts where upload_id = ${id} order by n desc limit 1`;
  return row ?? null;
}

/** Marks it as finished; false when the pen was taken, or it expired, while its content was looked at. */
export async function markFinished(tx: Db, id: string, pen: string, resultId: string): Promise<boolean> {
  const rows = await tx`
    update uploads set finished_at = now(), result_id = ${resultId}
    where id = ${id} and pen = ${pen} and finished_at is null returning 1`;
  await tx`delete from upload_parts where upload_id = ${id}`;
  return rows.length > 0;
}

/** Forgets an upload; null when it was not there, or finished meanwhile. Its parts are given back for the store. */
export async function forgetUpload(
  tx: Db,
  id: string,
): Promise<{ key: string; stage: string; size: number; parts: Part[] } | null> {
  const parts = await partsOf(tx, id);
  const [row] = await tx<{ key: string; stage: string; size: number }[]>`
    delete from uploads where id = ${id} and finished_at is null returning key, stage, size`;
  return row ? { ...row, parts } : null;
}
