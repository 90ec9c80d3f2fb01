import type { Db } from '@engawa/db';

export interface Named {
  id: string;
  host: boolean;
}

/** Two that bring the same organisation take turns, so that it is made once. */
export async function lockName(tx: Db, name: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(727007, hashtext(lower(regexp_replace(normalize(${name}, NFKC), '\\s', '', 'g'))))`;
}

/** Organisations of this name, written any way: width, case and spaces do not matter. Hosts first. */
export async function organisationsNamed(tx: Db, name: string): Promise<Named[]> {
  return tx<Named[]>`
    select id, host from organisations
    where lower(regexp_replace(normalize(name, NFKC), '\\s', '', 'g'))
      = lower(regexp_replace(normalize(${name}, NFKC), '\\s', '', 'g'))
    order by host desc, created_at, id`;
}

export async function organisationById(sql: Db, id: string): Promise<Named | null> {
  const [row] = await sql<Named[]>`select id, host from organisations where id = ${id}`;
  return row ?? null;
}

/**
 * Whether belonging to the organisation gives rights: live grants to it, or to a group of it. `hostId` leaves out
 * those that this host gave.
 */
export async function givesRights(sql: Db, organisationId: string, hostId: string | null): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (
      select from grants g left join spaces s on s.id = g.space_id
      where g.principal_kind = 'organisation' and g.principal_id = ${organisationId} and g.revoked_at is null
        and (g.expires_at is null or g.expires_at > now())
        and (${hostId}::uuid is null or coalesce(s.organisation_id, g.object_id) <> ${hostId})) as found`;
  return row!.found;
}

export async function belongsTo(sql: Db, personId: string, organisationId: string): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (select from affiliations where person_id = ${personId} and organisation_id = ${organisationId}
      and starts_at <= now() and (ends_at is null or ends_at > now())) as found`;
  return row!.found;
}
