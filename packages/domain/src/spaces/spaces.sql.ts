import type { Db } from '@engawa/db';
import type { OrganisationRef, SpaceRow } from '@engawa/schema';
import { type Reach, visibleTo } from '../grants/index.ts';

export type BareSpace = Omit<SpaceRow, 'can' | 'kind'>;

const columns = (sql: Db, reach: Reach) => sql`
  s.id, s.name, s.purpose, json_build_object('id', o.id, 'name', o.name) as host, s.archived_at as "archivedAt",
  s.guest_offline as "guestOffline",
  greatest(s.created_at, (select max(i.updated_at) from items i
    where i.space_id = s.id and ${visibleTo(sql, reach)})) as "updatedAt"`;

/** Open spaces first, each by name. */
export async function spacesWithin(sql: Db, reach: Reach): Promise<BareSpace[]> {
  return sql<BareSpace[]>`
    select ${columns(sql, reach)} from spaces s join organisations o on o.id = s.organisation_id
    where s.id = any(${reach.spaceIds}::uuid[])
    order by s.archived_at is not null, s.name collate "ja-x-icu", s.id`;
}

export async function spaceById(sql: Db, id: string, reach: Reach): Promise<BareSpace | null> {
  const [row] = await sql<BareSpace[]>`
    select ${columns(sql, reach)} from spaces s join organisations o on o.id = s.organisation_id where s.id = ${id}`;
  return row ?? null;
}

/** Host organisations that the person works for today, the longest first. */
export async function hostsOf(sql: Db, personId: string): Promise<OrganisationRef[]> {
  return sql<OrganisationRef[]>`
    select o.id, o.name from organisations o
    join affiliations a on a.organisation_id = o.id
    where o.host and a.person_id = ${personId} and a.starts_at <= now() and (a.ends_at is null or a.ends_at > now())
    group by o.id order by min(a.starts_at), o.id`;
}

export async function insertSpace(
  tx: Db,
  space: { id: string; organisationId: string; name: string; purpose: string; by: string },
): Promise<void> {
  await tx`
    insert into spaces (id, organisation_id, name, purpose, created_by)
    values (${space.id}, ${space.organisationId}, ${space.name}, ${space.purpose}, ${space.by})`;
}

/** What is not given stays as it is. */
export async function setSpace(
  tx: Db,
  id: string,
  space: { name: string; purpose: string; guestOffline?: boolean | undefined },
): Promise<void> {
  await tx`update spaces set name = ${space.name}, purpose = ${space.purpose},
    guest_offline = coalesce(${space.guestOffline ?? null}, guest_offline) where id = ${id}`;
}

/** Of these spaces, those whose guests' devices keep nothing. */
export async function spacesClosedToGuestCopies(sql: Db, ids: string[]): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from spaces where id = any(${ids}::uuid[]) and not guest_offline`;
  return rows.map((row) => row.id);
}

/** Returns false when it already is so. */
export async function setArchived(tx: Db, id: string, archived: boolean): Promise<boolean> {
  const done = await tx`
    update spaces set archived_at = ${archived ? tx`now()` : null}
    where id = ${id} and (archived_at is not null) <> ${archived}`;
  return done.count === 1;
}
