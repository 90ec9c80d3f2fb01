import type { Db } from '@engawa/db';
import { type Reach, visibleTo } from '../grants/index.ts';

export interface Below {
  id: string;
  parentId: string | null;
  kind: string;
  title: string;
  size: number | null;
  key: string | null;
  updatedAt: Date;
}

/** Everything live below the folder (null: in the space) that lies within reach, files with their newest size. */
export async function below(
  sql: Db,
  spaceId: string,
  folderId: string | null,
  reach: Reach,
): Promise<Below[]> {
  return sql<Below[]>`
    with recursive down as (
      select i.id from items i
      where i.space_id = ${spaceId} and i.trash_root is null
        and ${folderId ? sql`i.id = ${folderId}` : sql`i.parent_id is null`}
      union all
      select i.id from items i join down on i.parent_id = down.id where i.trash_root is null)
    select i.id, i.parent_id as "parentId", i.kind, i.title, i.updated_at as "updatedAt", newest.size, newest.key
    from down join items i on i.id = down.id
    left join lateral (
      select b.size, b.key from file_versions v join blobs b on b.id = v.blob_id
      where v.item_id = i.id order by v.number desc limit 1) newest on true
    where ${visibleTo(sql, reach)}
    order by i.sort_key, i.id`;
}

export async function nameOfSpace(sql: Db, spaceId: string): Promise<string> {
  const [row] = await sql<{ name: string }[]>`select name from spaces where id = ${spaceId}`;
  return row!.name;
}
