import type { Db } from '@engawa/db';

export interface Source {
  blobId: string;
  key: string;
  spaceId: string;
  size: number;
  type: string;
}

/** The bytes of a version; null when its file is gone. */
export async function sourceOf(sql: Db, itemId: string, number: number): Promise<Source | null> {
  const [row] = await sql<Source[]>`
    select b.id as "blobId", b.key, i.space_id as "spaceId", b.size, b.type
    from file_versions v join blobs b on b.id = v.blob_id join items i on i.id = v.item_id
    where v.item_id = ${itemId} and v.number = ${number}`;
  return row ?? null;
}

/** Counts one more try, unless it is settled already. Returns how many there were with this one, or null. */
export async function countTry(sql: Db, blobId: string): Promise<number | null> {
  const [row] = await sql<{ tries: number }[]>`
    insert into thumbnails (blob_id, tries) values (${blobId}, 1)
    on conflict (blob_id) do update set tries = thumbnails.tries + 1
      where thumbnails.picture_id is null and thumbnails.refused is null
    returning tries`;
  return row?.tries ?? null;
}

export async function refuse(sql: Db, blobId: string, why: string): Promise<void> {
  await sql`update thumbnails set refused = ${why} where blob_id = ${blobId} and picture_id is null`;
}

/** Whose the picture will be, until the end of the transaction; null when another was quicker or the file has gone. */
export async function lockWanted(tx: Db, blobId: string): Promise<string | null> {
  const [row] = await tx<{ itemId: string }[]>`
    select b.item_id as "itemId" from thumbnails t join blobs b on b.id = t.blob_id
    where t.blob_id = ${blobId} and t.picture_id is null and b.item_id is not null for update of t`;
  return row?.itemId ?? null;
}

export async function setPictures(
  tx: Db,
  blobId: string,
  { small, large }: { small: string; large: string | null },
): Promise<void> {
  await tx`
    update thumbnails set picture_id = ${small}, preview_id = ${large}, refused = null where blob_id = ${blobId}`;
}

export interface Picture {
  key: string;
  size: number;
  sha256: string;
}

/** The small picture of a version, or of the newest; or the largest there is of it. */
export async function pictureOf(
  sql: Db,
  itemId: string,
  which: 'small' | 'largest',
  number?: number,
): Promise<Picture | null> {
  const id = which === 'small' ? sql`t.picture_id` : sql`coalesce(t.preview_id, t.picture_id)`;
  const [row] = await sql<(Picture | { key: null })[]>`
    select p.key, p.size, encode(p.sha256, 'hex') as sha256
    from file_versions v left join thumbnails t on t.blob_id = v.blob_id left join blobs p on p.id = ${id}
    where v.item_id = ${itemId} ${number === undefined ? sql`` : sql`and v.number = ${number}`}
    order by v.number desc limit 1`;
  return row?.key ? (row as Picture) : null;
}

/** Tells the pages that show the space to ask again. */
export async function tellSpace(tx: Db, spaceId: string): Promise<void> {
  await tx`select pg_notify('engawa_space', ${spaceId})`;
}
