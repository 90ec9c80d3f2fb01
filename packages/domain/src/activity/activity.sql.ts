import type { Sql } from '@engawa/db';
import { visibleTo, type Reach } from '../grants/index.ts';

export interface ActivityRow {
  id: string;
  at: Date;
  verb: string;
  actorId: string | null;
  actorName: string | null;
  actorOrganisation: string | null;
  objectKind: string;
  objectId: string;
  title: string | null;
  itemKind: string | null;
  data: Record<string, number | string | boolean | null>;
  aboutName: string | null;
}

/** With the space it happened in, for lists over several. */
export interface LatelyRow extends ActivityRow {
  spaceId: string;
  spaceName: string;
}

/** Newest first; rows about items only that the caller can reach. */
export async function activityRows(
  sql: Sql,
  spaceId: string,
  reach: { live: Reach; trash: Reach },
  wide: boolean,
  before: Date | null,
  limit: number,
): Promise<ActivityRow[]> {
  return sql<ActivityRow[]>`
    select l.id, l.at, l.verb, coalesce(l.actor_id, l.on_behalf) as "actorId", p.name as "actorName",
      home.name as "actorOrganisation", l.object_kind as "objectKind", l.object_id as "objectId",
      i.title, i.kind as "itemKind", l.data, about.name as "aboutName"
    from ledger l
    left join items i on l.object_kind = 'item' and i.id = l.object_id
      and (${visibleTo(sql, reach.live)} or ${visibleTo(sql, reach.trash, { trashed: true })})
    left join people p on p.id = coalesce(l.actor_id, l.on_behalf)
    left join people about on about.id = case when ${wide} then (l.ids ->> 'person')::uuid end
    left join lateral (
      select o.name from affiliations a join organisations o on o.id = a.organisation_id
      where a.person_id = p.id order by a.ends_at desc nulls first, a.starts_at limit 1) home on true
    where l.space_id = ${spaceId}
      and (i.id is not null or (l.object_kind = 'space' and ${wide}))
      and (${wide} or l.verb not like 'grants.%')
      ${before ? sql`and l.at < ${before}` : sql``}
    order by l.at desc, l.id desc limit ${limit}`;
}

/** The last thing that somebody else did to each item within reach, of the last days, newest first. */
export async function latelyRows(
  sql: Sql,
  personId: string,
  reach: Reach,
  days: number,
  limit: number,
): Promise<LatelyRow[]> {
  return sql<LatelyRow[]>`
    select last.*, p.name as "actorName", null as "actorOrganisation", null as "aboutName" from (
      select distinct on (l.object_id) l.id, l.at, l.verb, coalesce(l.actor_id, l.on_behalf) as "actorId",
        l.object_kind as "objectKind", l.object_id as "objectId", i.title, i.kind as "itemKind", '{}'::jsonb as data,
        s.id as "spaceId", s.name as "spaceName"
      from ledger l
      join items i on i.id = l.object_id and ${visibleTo(sql, reach)}
      join spaces s on s.id = i.space_id
      where l.space_id = any(${reach.spaceIds}::uuid[]) and l.object_kind = 'item'
        and l.at > now() - ${days} * interval '1 day'
        and coalesce(l.actor_id, l.on_behalf) <> ${personId}
        and split_part(l.verb, '.', 1) not in ('grants', 'guests')
      order by l.object_id, l.at desc, l.id desc) last
    left join people p on p.id = last."actorId"
    order by last.at desc, last.id desc limit ${limit}`;
}
