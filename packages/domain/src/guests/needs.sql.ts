import type { Db } from '@engawa/db';
import type { Ending, Unanswered } from '@engawa/schema';
import { type Reach, visibleTo } from '../grants/index.ts';

const LIMIT = 50;

/** True for what lies on the whole space `s`, or on an item `i`, within reach. */
const within = (sql: Db, reach: Reach, objectId: ReturnType<typeof column>) => sql`
  s.id = any(${reach.spaceIds}::uuid[]) and (
    (${objectId} = s.id and array[s.id, s.organisation_id] && ${reach.objectIds}::uuid[])
    or (i.id is not null and ${visibleTo(sql, reach)}))`;

const column = (sql: Db, name: string) => sql(name);

/** Invitations by this person that nobody took, unless the same address was invited again. Oldest first. */
export async function unansweredBy(sql: Db, personId: string, reach: Reach): Promise<Unanswered[]> {
  return sql<Unanswered[]>`
    select v.id, v.email, v.name, s.id as "spaceId", s.name as "spaceName", i.title, i.id as "itemId",
      i.kind as "itemKind", least(v.expires_at, v.access_until) <= now() as expired, v.expires_at as "expiresAt"
    from invitations v join spaces s on s.id = v.space_id left join items i on i.id = v.object_id
    where v.invited_by = ${personId} and v.accepted_at is null and v.withdrawn_at is null
      and v.expires_at > now() - interval '30 days' and s.archived_at is null
      and not exists (
        select from invitations w
        where w.object_id = v.object_id and w.email = v.email and w.created_at > v.created_at)
      and ${within(sql, reach, column(sql, 'v.object_id'))}
    order by v.created_at, v.id limit ${LIMIT}`;
}

/** Guests whose access, given to them by name, ends within the days. The soonest first. */
export async function endingWithin(sql: Db, personId: string, days: number, reach: Reach): Promise<Ending[]> {
  return sql<Ending[]>`
    select g.id, p.name, coalesce(home.name, '') as organisation, g.expires_at as until, s.id as "spaceId",
      s.name as "spaceName", i.title
    from grants g join people p on p.id = g.principal_id
    join spaces s on s.id = g.space_id left join items i on i.id = g.object_id
    left join lateral (
      select o.name from affiliations a join organisations o on o.id = a.organisation_id
      where a.person_id = p.id and a.starts_at <= now() and (a.ends_at is null or a.ends_at > now())
      order by a.starts_at limit 1) home on true
    where g.principal_kind = 'person' and g.principal_id <> ${personId} and g.revoked_at is null
      and g.expires_at > now() and g.expires_at <= now() + ${days} * interval '1 day'
      and p.suspended_at is null and p.deleted_at is null and s.archived_at is null
      and not exists (select from blocks b where b.space_id = s.id and b.person_id = p.id)
      and not exists (
        select from affiliations a where a.person_id = p.id and a.organisation_id = s.organisation_id
          and a.starts_at <= now() and (a.ends_at is null or a.ends_at > now()))
      and ${within(sql, reach, column(sql, 'g.object_id'))}
    order by g.expires_at, g.id limit ${LIMIT}`;
}
