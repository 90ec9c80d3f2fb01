import type { Db } from '@engawa/db';
import type { AffiliationRow, LivePerson, Locale, OrganisationRef, Theme } from '@engawa/schema';
import { gathering } from '../gather.ts';

export interface PersonRecord {
  id: string;
  email: string;
  name: string;
  kana: string;
  passwordHash: string | null;
  locale: Locale;
  theme: Theme;
  suspendedAt: Date | null;
}

const columns = (sql: Db) => sql`
  id, email, name, kana, password_hash as "passwordHash", locale, theme, suspended_at as "suspendedAt"`;

export async function personByEmail(sql: Db, email: string): Promise<PersonRecord | null> {
  const [row] = await sql<PersonRecord[]>`
    select ${columns(sql)} from people where email = ${email} and deleted_at is null`;
  return row ?? null;
}

export async function personById(sql: Db, id: string): Promise<PersonRecord | null> {
  const [row] = await sql<PersonRecord[]>`
    select ${columns(sql)} from people where id = ${id} and deleted_at is null`;
  return row ?? null;
}

/** Returns false when the address is taken. */
export async function insertPerson(
  tx: Db,
  person: {
    id: string;
    email: string;
    name: string;
    kana: string;
    passwordHash: string | null;
    locale?: Locale;
  },
): Promise<boolean> {
  const done = await tx`
    insert into people (id, email, name, kana, password_hash, locale)
    values (${person.id}, ${person.email}, ${person.name}, ${person.kana}, ${person.passwordHash}, ${person.locale ?? 'ja'})
    on conflict (email) do nothing`;
  return done.count === 1;
}

export async function setProfile(
  tx: Db,
  id: string,
  profile: { name: string; kana: string; locale: Locale; theme: Theme },
): Promise<void> {
  await tx`
    update people set name = ${profile.name}, kana = ${profile.kana}, locale = ${profile.locale}, theme = ${profile.theme}
    where id = ${id}`;
}

export async function setPasswordHash(tx: Db, id: string, passwordHash: string): Promise<void> {
  await tx`update people set password_hash = ${passwordHash} where id = ${id}`;
}

export async function insertOrganisation(
  tx: Db,
  organisation: { id: string; name: string; kana: string; host: boolean },
): Promise<void> {
  await tx`
    insert into organisations (id, name, kana, host)
    values (${organisation.id}, ${organisation.name}, ${organisation.kana}, ${organisation.host})`;
}

export async function insertAffiliation(
  tx: Db,
  affiliation: {
    id: string;
    personId: string;
    organisationId: string;
    groupId?: string | null;
    post: string;
    startsAt?: Date | null;
    endsAt?: Date | null;
  },
): Promise<void> {
  await tx`
    insert into affiliations (id, person_id, organisation_id, group_id, post, starts_at, ends_at)
    values (${affiliation.id}, ${affiliation.personId}, ${affiliation.organisationId}, ${affiliation.groupId ?? null},
      ${affiliation.post}, coalesce(${affiliation.startsAt ?? null}::timestamptz, now()), ${affiliation.endsAt ?? null})`;
}

/** The person's affiliations of today, the oldest first. */
export async function liveAffiliations(
  sql: Db,
  personId: string,
): Promise<(AffiliationRow & { organisation: OrganisationRef & { host: boolean } })[]> {
  return sql`
    select a.id, a.post, a.starts_at as "from", a.ends_at as "until",
      json_build_object('id', o.id, 'name', o.name, 'host', o.host) as organisation,
      case when g.id is not null then json_build_object('id', g.id, 'name', g.name) end as "group"
    from affiliations a
    join organisations o on o.id = a.organisation_id
    left join groups g on g.id = a.group_id
    where a.person_id = ${personId} and a.starts_at <= now() and (a.ends_at is null or a.ends_at > now())
    order by a.starts_at, a.id`;
}

/** What others see beside people's hands, by the person's id. */
export const nameTags = gathering(async (sql, ids) => {
  const rows = await sql<LivePerson[]>`
    select p.id, p.name, coalesce((
      select o.name from affiliations a join organisations o on o.id = a.organisation_id
      where a.person_id = p.id and a.starts_at <= now() and (a.ends_at is null or a.ends_at > now())
      order by a.starts_at, a.id limit 1), '') as organisation
    from people p where p.id = any(${ids}::uuid[]) and p.deleted_at is null`;
  return new Map(rows.map((row) => [row.id, row]));
});

/** Organisations on which the person holds every bit of the mask by a grant of their own. */
export async function organisationsManagedBy(
  sql: Db,
  personId: string,
  mask: number,
): Promise<OrganisationRef[]> {
  return sql<OrganisationRef[]>`
    select o.id, o.name from grants g join organisations o on o.id = g.object_id
    where g.principal_kind = 'person' and g.principal_id = ${personId} and g.revoked_at is null
      and (g.not_before is null or g.not_before <= now()) and (g.expires_at is null or g.expires_at > now())
      and g.mask & ${mask} = ${mask}
    order by o.kana collate "ja-x-icu", o.name`;
}
