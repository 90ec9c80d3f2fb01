import type { GrantFact, PrincipalKind } from '@engawa/access';
import type { Db } from '@engawa/db';
import type { CallerKind, ItemKind, ObjectKind } from '@engawa/schema';
import { gathering } from '../gather.ts';

/** What is known of an object before anybody's permission is decided. */
export interface ObjectFacts {
  objectId: string;
  objectKind: ObjectKind;
  itemKind: ItemKind | null;
  spaceId: string | null;
  hostId: string;
  accessPath: string[];
  generation: number | null;
  trashRoot: string | null;
  ceilings: Partial<Record<CallerKind, number>>;
  archived: boolean;
  /** The space's access epoch; null for an organisation. */
  epoch: number | null;
}

/** Objects by id, whatever their kind; ids that do not exist are simply absent. */
export const objectFacts = gathering(async (sql, ids) => {
  const rows = await sql<ObjectFacts[]>`
    select i.id as "objectId", 'item' as "objectKind", i.kind as "itemKind", i.space_id as "spaceId",
      s.organisation_id as "hostId", i.access_path as "accessPath", i.generation, i.trash_root as "trashRoot",
      s.ceilings, s.archived_at is not null as archived, s.access_epoch as epoch
    from items i join spaces s on s.id = i.space_id where i.id = any(${ids}::uuid[])
    union all
    select s.id, 'space', null, s.id, s.organisation_id, array[s.id, s.organisation_id], null, null,
      s.ceilings, s.archived_at is not null, s.access_epoch
    from spaces s where s.id = any(${ids}::uuid[])
    union all
    select o.id, 'organisation', null, null, o.id, array[o.id], null, null, '{}', false, null
    from organisations o where o.id = any(${ids}::uuid[])`;
  return new Map(rows.map((row) => [row.objectId, row]));
});

/** Where a person stands. */
export interface PersonFacts {
  organisations: string[];
  groups: string[];
  blocked: string[];
  /** When the first of today's affiliations ends. */
  until: Date | null;
  /** Those of the sessions asked about that are theirs and in force. */
  sessions: string[];
}

interface FactRow extends PersonFacts {
  personId: string;
  /** Null when there is no grant. */
  principalKind: PrincipalKind | null;
  principalId: string | null;
  objectId: string;
  spaceId: string | null;
  mask: number;
  notBefore: Date | null;
  expiresAt: Date | null;
}

export type PlacedGrant = GrantFact & { spaceId: string | null };

/** Where people stand, and all grants in force that name one of their principals. */
export interface StandingFacts {
  person: PersonFacts;
  grants: PlacedGrant[];
}

/**
 * The standing of people by id; the rules of `access` decide which grants count. Who may not act at all (suspended,
 * deleted, unknown) is absent. Their sessions are asked about by id too: a request that takes days must end with its
 * own. One question, because every door asks it.
 */
export const standingFacts = gathering(async (sql, ids) => {
  const rows = await sql<FactRow[]>`
    with me as materialized (
      select p.id as "personId",
        coalesce(array_agg(distinct a.organisation_id) filter (where a.id is not null), '{}') as organisations,
        coalesce(array_agg(distinct a.group_id) filter (where a.group_id is not null), '{}') as groups,
        array(select b.space_id from blocks b where b.person_id = p.id) as blocked, min(a.ends_at) as until,
        array(select s.id from sessions s where s.person_id = p.id and s.id = any(${ids}::uuid[])
          and s.expires_at > now() and s.ends_at > now()) as sessions
      from people p
      left join affiliations a on a.person_id = p.id and a.starts_at <= now() and (a.ends_at is null or a.ends_at > now())
      where p.id = any(${ids}::uuid[]) and p.suspended_at is null and p.deleted_at is null
      group by p.id
    )
    select me.*, g.principal_kind as "principalKind", g.principal_id as "principalId", g.object_id as "objectId",
      g.space_id as "spaceId", g.mask, g.not_before as "notBefore", g.expires_at as "expiresAt"
    from me left join grants g on g.revoked_at is null and (g.expires_at is null or g.expires_at > now())
      -- What somebody was given as staff of the host ends with that, also when the clock ends it.
      and not exists (
        select from affiliations a left join spaces s on s.id = g.space_id
        where g.principal_id = me."personId" and a.person_id = me."personId"
          and a.organisation_id = coalesce(s.organisation_id, g.object_id)
          and a.organisation_id <> all(me.organisations)
          and a.ends_at <= now() and a.ends_at > g.created_at)
      -- No rule reads conditions yet, so a grant that carries one gives nothing.
      and g.conditions = '{}' and (
      g.principal_id = any(me."personId" || me.organisations || me.groups)
      -- Everybody: by the column that has an index. Asked by their kind, all grants of the house would be looked through.
      or g.principal_id is null)`;
  const standings = new Map<string, StandingFacts>();
  for (const row of rows) {
    const standing = standings.get(row.personId) ?? { person: row, grants: [] };
    standings.set(row.personId, standing);
    if (row.principalKind !== null) standing.grants.push(placed(row, row.principalKind));
  }
  return standings;
});

function placed(row: FactRow, kind: PrincipalKind): PlacedGrant {
  const { objectId, spaceId, mask, notBefore, expiresAt } = row;
  const principal = { kind, id: row.principalId };
  return { principal, objectId, spaceId, mask, notBefore, expiresAt, revokedAt: null };
}

export interface SpaceFacts {
  id: string;
  organisationId: string;
  ceilings: Partial<Record<CallerKind, number>>;
  archived: boolean;
}

/** Spaces in which a grant on one of these objects can matter. */
export async function spacesTouched(sql: Db, spaceIds: string[], objectIds: string[]): Promise<SpaceFacts[]> {
  return sql<SpaceFacts[]>`
    select id, organisation_id as "organisationId", ceilings, archived_at is not null as archived
    from spaces where id = any(${spaceIds}::uuid[]) or organisation_id = any(${objectIds}::uuid[])`;
}

export interface GrantRow {
  id: string;
  principalKind: PrincipalKind;
  principalId: string | null;
  objectId: string;
  spaceId: string | null;
  mask: number;
  expiresAt: Date | null;
  createdAt: Date;
  name: string;
  kana: string;
  organisation: string | null;
  host: boolean;
  grantedBy: string | null;
  objectTitle: string;
}

/** Live grants on any of the objects, with the names of their principals, ordered by ふりがな. */
export async function grantRows(sql: Db, objectIds: string[], hostId: string): Promise<GrantRow[]> {
  return sql<GrantRow[]>`
    select g.id, g.principal_kind as "principalKind", g.principal_id as "principalId", g.object_id as "objectId",
      g.space_id as "spaceId", g.mask, g.expires_at as "expiresAt", g.created_at as "createdAt",
      coalesce(p.name, o.name, gr.name, '') as name, coalesce(p.kana, o.kana, gr.kana, '') as kana,
      coalesce(home.name, gro.name) as organisation,
      coalesce(home.id = ${hostId} or o.id = ${hostId} or gr.organisation_id = ${hostId}, false) as host,
      by.name as "grantedBy", coalesce(i.title, s.name, og.name, '') as "objectTitle"
    from grants g
    left join people p on g.principal_kind = 'person' and p.id = g.principal_id
    left join organisations o on g.principal_kind = 'organisation' and o.id = g.principal_id
    left join groups gr on g.principal_kind = 'group' and gr.id = g.principal_id
    left join organisations gro on gro.id = gr.organisation_id
    left join lateral (
      select og.id, og.name from affiliations a join organisations og on og.id = a.organisation_id
      where a.person_id = p.id and a.starts_at <= now() and (a.ends_at is null or a.ends_at > now())
      order by (og.id = ${hostId}) desc, a.starts_at limit 1) home on true
    left join people by on by.id = g.granted_by
    left join items i on i.id = g.object_id
    left join spaces s on s.id = g.object_id
    left join organisations og on og.id = g.object_id
    where g.object_id = any(${objectIds}::uuid[]) and g.revoked_at is null
      and (g.expires_at is null or g.expires_at > now())
    order by coalesce(nullif(p.kana, ''), p.name, o.kana, gr.kana, '') collate "ja-x-icu"`;
}

export interface GrantHead {
  id: string;
  objectId: string;
  spaceId: string | null;
  principalKind: PrincipalKind;
  principalId: string | null;
  mask: number;
  expiresAt: Date | null;
}

export async function grantById(sql: Db, id: string): Promise<GrantHead | null> {
  const [row] = await sql<GrantHead[]>`
    select id, object_id as "objectId", space_id as "spaceId", principal_kind as "principalKind",
      principal_id as "principalId", mask, expires_at as "expiresAt"
    from grants where id = ${id} and revoked_at is null for update`;
  return row ?? null;
}

/** All that anybody holds by a live grant on exactly these objects. */
export async function heldByAnybody(sql: Db, objectIds: string[]): Promise<number> {
  const [row] = await sql<{ mask: number }[]>`
    select coalesce(bit_or(mask), 0) as mask from grants
    where object_id = any(${objectIds}::uuid[]) and revoked_at is null
      and (expires_at is null or expires_at > now())`;
  return row!.mask;
}

/** The principal's live grant on exactly this object, locked. */
export async function grantOf(
  tx: Db,
  objectId: string,
  principal: { kind: PrincipalKind; id: string | null },
): Promise<GrantHead | null> {
  const [row] = await tx<{ id: string }[]>`
    select id from grants where object_id = ${objectId} and principal_kind = ${principal.kind}
      and principal_id is not distinct from ${principal.id} and revoked_at is null`;
  return row ? grantById(tx, row.id) : null;
}

export interface NewGrant {
  id: string;
  principalKind: PrincipalKind;
  principalId: string | null;
  objectId: string;
  spaceId: string | null;
  mask: number;
  notBefore: Date | null;
  expiresAt: Date | null;
  reason: string;
  grantedBy: string | null;
}

/** Inserts, or gives the principal's live grant on that object this mask and end. Returns the row's id. */
export async function putGrant(tx: Db, row: NewGrant): Promise<string> {
  const [kept] = await tx<{ id: string }[]>`
    insert into grants (id, principal_kind, principal_id, object_id, space_id, mask, not_before, expires_at, reason,
      granted_by)
    values (${row.id}, ${row.principalKind}, ${row.principalId}, ${row.objectId}, ${row.spaceId}, ${row.mask},
      ${row.notBefore}, ${row.expiresAt}, ${row.reason}, ${row.grantedBy})
    on conflict (object_id, principal_kind, principal_id) where revoked_at is null
    do update set mask = excluded.mask, not_before = excluded.not_before, expires_at = excluded.expires_at,
      reason = excluded.reason, granted_by = excluded.granted_by, created_at = now()
    returning id`;
  return kept!.id;
}

export async function endGrant(tx: Db, id: string, by: string): Promise<void> {
  await tx`update grants set revoked_at = now(), revoked_by = ${by} where id = ${id}`;
}

/** The next epoch of the space; open connections hear of it at commit, and by asking at the latest. */
export async function raiseEpoch(tx: Db, spaceIds: string[]): Promise<void> {
  // Locked in one order, so that two events that touch the same spaces never wait for each other in a ring.
  await tx`select 1 from spaces where id = any(${spaceIds}::uuid[]) order by id for no key update`;
  await tx`update spaces set access_epoch = access_epoch + 1 where id = any(${spaceIds}::uuid[])`;
  await tx`select pg_notify('engawa_access', id) from unnest(${spaceIds}::text[]) as id`;
}

export async function epochs(sql: Db, spaceIds: string[]): Promise<{ spaceId: string; epoch: number }[]> {
  return sql`select id as "spaceId", access_epoch as epoch from spaces where id = any(${spaceIds}::uuid[])`;
}

/** Spaces in which this person may stand: by a grant of their own or of their organisations, or as the host's. */
export async function spacesOfPerson(sql: Db, personId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    with mine as (
      select ${personId}::uuid as id union select organisation_id from affiliations where person_id = ${personId}
      union select group_id from affiliations where person_id = ${personId} and group_id is not null)
    select distinct s.id from spaces s join grants g on g.space_id = s.id or g.object_id = s.organisation_id
    where g.principal_id in (select id from mine) or g.principal_kind in ('authenticated', 'public')`;
  return rows.map((row) => row.id);
}

export async function spacesOf(sql: Db, organisationId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`select id from spaces where organisation_id = ${organisationId}`;
  return rows.map((row) => row.id);
}

export async function lockGrantsOf(tx: Db, objectId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(727003, hashtext(${objectId}))`;
}

export async function principalExists(sql: Db, kind: PrincipalKind, id: string): Promise<boolean> {
  const found =
    kind === 'person'
      ? await sql`select 1 from people where id = ${id} and deleted_at is null`
      : kind === 'organisation'
        ? await sql`select 1 from organisations where id = ${id}`
        : kind === 'group'
          ? await sql`select 1 from groups where id = ${id} and ended_at is null`
          : [];
  return found.length > 0;
}

/** Whether the person stands in the organisation now. */
export async function isStaff(sql: Db, personId: string, hostId: string): Promise<boolean> {
  const rows = await sql`
    select 1 from affiliations where person_id = ${personId} and organisation_id = ${hostId}
      and starts_at <= now() and (ends_at is null or ends_at > now())`;
  return rows.length > 0;
}

export async function isGroupOf(sql: Db, groupId: string, organisationId: string): Promise<boolean> {
  return (
    (await sql`select 1 from groups where id = ${groupId} and organisation_id = ${organisationId}`).length > 0
  );
}

/** Other live grants on the object itself that give this capability for good to somebody who can use it today. */
export async function othersHolding(
  tx: Db,
  objectId: string,
  exceptId: string | null,
  wanted: number,
): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    select count(*)::int as count from grants g
    where g.object_id = ${objectId} and g.id is distinct from ${exceptId}::uuid
      and g.revoked_at is null and g.expires_at is null and g.mask & ${wanted} = ${wanted}
      and (g.not_before is null or g.not_before <= now()) and exists (
        select from people p
        left join affiliations a on a.person_id = p.id and a.starts_at <= now()
          and (a.ends_at is null or a.ends_at > now())
        where p.suspended_at is null and p.deleted_at is null
          and not exists (select from blocks b where b.person_id = p.id and b.space_id = g.space_id)
          and case g.principal_kind when 'person' then p.id when 'organisation' then a.organisation_id
            when 'group' then a.group_id end = g.principal_id)`;
  return row!.count;
}

export async function putBlock(
  tx: Db,
  spaceId: string,
  personId: string,
  reason: string,
  by: string,
): Promise<void> {
  await tx`insert into blocks (space_id, person_id, reason, blocked_by) values (${spaceId}, ${personId}, ${reason}, ${by})
    on conflict (space_id, person_id) do update set reason = excluded.reason, blocked_by = excluded.blocked_by`;
}

export async function removeBlock(tx: Db, spaceId: string, personId: string): Promise<boolean> {
  return (
    (await tx`delete from blocks where space_id = ${spaceId} and person_id = ${personId} returning 1`)
      .length > 0
  );
}
