import type { Db } from '@engawa/db';
import type { Found, TourPlace, UnreadItem } from '@engawa/schema';
import { type Reach, visibleTo } from '../grants/index.ts';

/** Returns false when it was so already. */
export async function setStar(
  tx: Db,
  personId: string,
  objectId: string,
  starred: boolean,
): Promise<boolean> {
  const done = starred
    ? await tx`insert into favourites (person_id, object_id) values (${personId}, ${objectId}) on conflict do nothing`
    : await tx`delete from favourites where person_id = ${personId} and object_id = ${objectId}`;
  return done.count === 1;
}

/** Of the person's stars, those within reach, by name. */
export async function starredBy(sql: Db, personId: string, reach: Reach): Promise<Found[]> {
  return sql<Found[]>`
    select id, kind, name, "spaceId", "where" from (
      select s.id, 'space' as kind, s.name, s.id as "spaceId", o.name as "where"
      from favourites f join spaces s on s.id = f.object_id join organisations o on o.id = s.organisation_id
      where f.person_id = ${personId} and s.id = any(${reach.spaceIds}::uuid[])
      union all
      select i.id, i.kind, i.title, i.space_id, s.name
      from favourites f join items i on i.id = f.object_id join spaces s on s.id = i.space_id
      where f.person_id = ${personId} and ${visibleTo(sql, reach)}) starred
    order by kind <> 'space', name collate "ja-x-icu", id limit 100`;
}

export async function setVisit(sql: Db, personId: string, itemId: string): Promise<void> {
  await sql`
    insert into visits (person_id, item_id) values (${personId}, ${itemId})
    on conflict (person_id, item_id) do update set at = now()`;
}

/** What the person opened last and can still see, the latest first. */
export async function visitedBy(sql: Db, personId: string, reach: Reach, limit: number): Promise<Found[]> {
  return sql<Found[]>`
    select i.id, i.kind, i.title as name, i.space_id as "spaceId", s.name as "where"
    from visits v join items i on i.id = v.item_id join spaces s on s.id = i.space_id
    where v.person_id = ${personId} and ${visibleTo(sql, reach)}
    order by v.at desc, i.id limit ${limit}`;
}

/** What others changed since the person had it before them. */
export async function changedSince(sql: Db, personId: string, reach: Reach): Promise<UnreadItem[]> {
  return sql<UnreadItem[]>`
    select i.id, i.space_id as "spaceId"
    from visits v join items i on i.id = v.item_id
    where v.person_id = ${personId} and i.updated_at > v.at and i.updated_by <> ${personId}
      and ${visibleTo(sql, reach)}`;
}

export async function placesSeen(sql: Db, personId: string): Promise<TourPlace[]> {
  const rows = await sql<{ place: TourPlace }[]>`select place from tours where person_id = ${personId}`;
  return rows.map(({ place }) => place);
}

export async function setPlacesSeen(sql: Db, personId: string, places: readonly TourPlace[]): Promise<void> {
  await sql`
    insert into tours (person_id, place) select ${personId}, unnest(${places as string[]}::text[])
    on conflict do nothing`;
}
