import type { Db } from '@engawa/db';
import type { HandedIn, HandInPlaceRow } from '@engawa/schema';
import { type Reach, visibleTo } from '../grants/index.ts';

export interface PlaceNames {
  name: string;
  space: string;
  host: { id: string; name: string };
}

/** What people call the place: the folder, or the space itself. */
export async function placeNames(sql: Db, spaceId: string, folderId: string | null): Promise<PlaceNames> {
  const [row] = await sql<PlaceNames[]>`
    select coalesce(f.title, s.name) as name, s.name as space,
      json_build_object('id', o.id, 'name', o.name) as host
    from spaces s join organisations o on o.id = s.organisation_id left join items f on f.id = ${folderId}
    where s.id = ${spaceId}`;
  return row!;
}

/** The files in the place that this person made, newest first, each with its newest version. */
export async function handedInBy(
  sql: Db,
  spaceId: string,
  folderId: string | null,
  personId: string,
): Promise<HandedIn[]> {
  return sql<HandedIn[]>`
    select i.id, i.title as name, newest.size, newest.sha256, newest.at
    from items i cross join lateral (
      select b.size, encode(b.sha256, 'hex') as sha256, v.created_at as at
      from file_versions v join blobs b on b.id = v.blob_id
      where v.item_id = i.id order by v.number desc limit 1) newest
    where i.space_id = ${spaceId} and i.parent_id is not distinct from ${folderId} and i.kind = 'file'
      and i.trash_root is null and i.created_by = ${personId}
    order by newest.at desc, i.id desc limit 500`;
}

/** Granted folders and spaces within the one reach and outside of the other, by name. */
export async function placesToHandIn(sql: Db, uploads: Reach, views: Reach): Promise<HandInPlaceRow[]> {
  const host = sql`json_build_object('id', o.id, 'name', o.name) as host`;
  return sql<HandInPlaceRow[]>`
    select * from (
      select i.id, i.space_id as "spaceId", i.title as name, s.name as space, ${host}
      from items i join spaces s on s.id = i.space_id join organisations o on o.id = s.organisation_id
      where i.id = any(${uploads.objectIds}::uuid[]) and i.kind = 'folder'
        and ${visibleTo(sql, uploads)} and not ${visibleTo(sql, views)}
      union all
      select s.id, s.id, s.name, s.name, ${host}
      from spaces s join organisations o on o.id = s.organisation_id
      where s.id = any(${uploads.objectIds}::uuid[]) and s.id = any(${uploads.spaceIds}::uuid[])
        and not (s.id = any(${views.spaceIds}::uuid[])
          and array[s.id, s.organisation_id] && ${views.objectIds}::uuid[])) places
    order by name collate "ja-x-icu", id limit 100`;
}
