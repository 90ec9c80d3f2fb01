import type { Db } from '@engawa/db';
import type { AffiliationRow, GroupRow, OrganisationPerson, OrganisationRow } from '@engawa/schema';

const today = (sql: Db) => sql`a.starts_at <= now() and (a.ends_at is null or a.ends_at > now())`;

/** By ふりがな, hosts first; `people` counts today's. */
export async function organisationRows(sql: Db, ids: string[] | 'all'): Promise<OrganisationRow[]> {
  return sql<OrganisationRow[]>`
    select o.id, o.name, o.kana, o.host,
      (select count(distinct a.person_id)::int from affiliations a where a.organisation_id = o.id and ${today(sql)}) as people
    from organisations o
    ${ids === 'all' ? sql`` : sql`where o.id = any(${ids}::uuid[])`}
    order by o.host desc, coalesce(nullif(o.kana, ''), o.name) collate "ja-x-icu", o.id`;
}

export type BarePerson = Omit<OrganisationPerson, 'affiliations'>;

/** Everybody who has, had or will have an affiliation with the organisation, by ふりがな. */
export async function peopleOf(sql: Db, organisationId: string, manage: number): Promise<BarePerson[]> {
  return sql<BarePerson[]>`
    select p.id, p.name, p.kana, p.email, p.suspended_at as "suspendedAt", p.suspended_reason as "suspendedReason",
      p.password_hash is not null as "hasPassword",
      exists (select from grants g where g.object_id = ${organisationId} and g.principal_kind = 'person'
        and g.principal_id = p.id and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
        and g.mask & ${manage} = ${manage}) as administrator
    from people p
    where p.deleted_at is null
      and exists (select from affiliations a where a.person_id = p.id and a.organisation_id = ${organisationId})
    order by coalesce(nullif(p.kana, ''), p.name) collate "ja-x-icu", p.id`;
}

export async function affiliationsWith(
  sql: Db,
  organisationId: string,
): Promise<(AffiliationRow & { personId: string })[]> {
  return sql`
    select a.id, a.person_id as "personId", a.post, a.starts_at as "from", a.ends_at as "until",
      json_build_object('id', o.id, 'name', o.name) as organisation,
      case when g.id is not null then json_build_object('id', g.id, 'name', g.name) end as "group"
    from affiliations a join organisations o on o.id = a.organisation_id left join groups g on g.id = a.group_id
    where a.organisation_id = ${organisationId}
    order by a.starts_at, a.id`;
}

export async function groupRows(sql: Db, organisationId: string): Promise<GroupRow[]> {
  return sql<GroupRow[]>`
    select g.id, g.name, g.kana,
      (select count(distinct a.person_id)::int from affiliations a where a.group_id = g.id and ${today(sql)}) as people
    from groups g where g.organisation_id = ${organisationId} and g.ended_at is null
    order by g.sort, coalesce(nullif(g.kana, ''), g.name) collate "ja-x-icu", g.id`;
}

export async function insertGroup(
  tx: Db,
  group: { id: string; organisationId: string; name: string; kana: string },
): Promise<void> {
  await tx`
    insert into groups (id, organisation_id, name, kana)
    values (${group.id}, ${group.organisationId}, ${group.name}, ${group.kana})`;
}

export async function isLiveGroupOf(sql: Db, groupId: string, organisationId: string): Promise<boolean> {
  const rows = await sql`
    select 1 from groups where id = ${groupId} and organisation_id = ${organisationId} and ended_at is null`;
  return rows.length > 0;
}

export interface AffiliationHead {
  id: string;
  personId: string;
  organisationId: string;
  startsAt: Date;
  endsAt: Date | null;
}

export async function lockAffiliation(tx: Db, id: string): Promise<AffiliationHead | null> {
  const [row] = await tx<AffiliationHead[]>`
    select id, person_id as "personId", organisation_id as "organisationId", starts_at as "startsAt", ends_at as "endsAt"
    from affiliations where id = ${id} for update`;
  return row ?? null;
}

export async function setEnd(tx: Db, id: string, endsAt: Date): Promise<void> {
  await tx`
    update affiliations set ends_at = ${endsAt}, starts_at = least(starts_at, ${endsAt}::timestamptz) where id = ${id}`;
}

/** Whether the person ever stood, stands or will stand in the organisation. */
export async function isKnownTo(sql: Db, personId: string, organisationId: string): Promise<boolean> {
  const rows = await sql`
    select 1 from affiliations a join people p on p.id = a.person_id and p.deleted_at is null
    where a.person_id = ${personId} and a.organisation_id = ${organisationId}`;
  return rows.length > 0;
}

/** Organisations in which the person stands at that time or later. */
export async function standingAfter(sql: Db, personId: string, at: Date): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select distinct organisation_id as id from affiliations
    where person_id = ${personId} and (ends_at is null or ends_at > ${at})`;
  return rows.map((row) => row.id);
}

/**
 * Ends the person's own grants at that time: everything, or what lies with one organisation as the host. What had
 * ended by then stays as it is; what ends now is revoked.
 */
export async function endGrantsOf(
  tx: Db,
  given: { personId: string; hostId: string | null; at: Date; by: string },
): Promise<number> {
  const { personId, hostId, at, by } = given;
  const now = at.getTime() <= Date.now();
  const done = await tx`
    update grants g set ${
      now
        ? tx`revoked_at = now(), revoked_by = ${by}`
        : tx`expires_at = least(g.expires_at, ${at}::timestamptz)`
    }
    where g.principal_kind = 'person' and g.principal_id = ${personId} and g.revoked_at is null
      and (g.expires_at is null or g.expires_at > ${at})
      ${
        hostId
          ? tx`and (g.object_id = ${hostId} or exists (
              select from spaces s where s.id = g.space_id and s.organisation_id = ${hostId}))`
          : tx``
      }`;
  return done.count;
}

/** People other than this one who manage the organisation for good. */
export async function otherAdministrators(
  tx: Db,
  organisationId: string,
  personId: string,
  manage: number,
): Promise<number> {
  await tx`select pg_advisory_xact_lock(727003, hashtext(${organisationId}))`;
  const [row] = await tx<{ count: number }[]>`
    select count(*)::int as count from grants g join people p on p.id = g.principal_id
    where g.object_id = ${organisationId} and g.principal_kind = 'person' and g.principal_id <> ${personId}
      and g.revoked_at is null and g.expires_at is null and g.mask & ${manage} = ${manage}
      and (g.not_before is null or g.not_before <= now()) and p.suspended_at is null and p.deleted_at is null`;
  return row!.count;
}

export async function isAdministrator(
  sql: Db,
  organisationId: string,
  personId: string,
  manage: number,
): Promise<boolean> {
  const rows = await sql`
    select 1 from grants g where g.object_id = ${organisationId} and g.principal_kind = 'person'
      and g.principal_id = ${personId} and g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
      and g.mask & ${manage} = ${manage}`;
  return rows.length > 0;
}

/** Returns false when they are suspended already. */
export async function setSuspended(tx: Db, personId: string, by: string, reason: string): Promise<boolean> {
  const done = await tx`
    update people set suspended_at = now(), suspended_by = ${by}, suspended_reason = ${reason}
    where id = ${personId} and suspended_at is null`;
  return done.count === 1;
}

export async function unsetSuspended(tx: Db, personId: string): Promise<boolean> {
  const done = await tx`
    update people set suspended_at = null, suspended_by = null, suspended_reason = ''
    where id = ${personId} and suspended_at is not null`;
  return done.count === 1;
}
