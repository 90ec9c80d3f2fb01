import type { Db } from '@engawa/db';
import type { Candidate, Found, OrganisationRef } from '@engawa/schema';
import { type Reach, visibleTo } from '../grants/index.ts';

/** Grants that count today: `g` is the alias. */
const live = (sql: Db) => sql`
  g.revoked_at is null and g.conditions = '{}'
  and (g.not_before is null or g.not_before <= now()) and (g.expires_at is null or g.expires_at > now())`;

const today = (sql: Db) => sql`a.starts_at <= now() and (a.ends_at is null or a.ends_at > now())`;

export interface MemberRow {
  id: string;
  name: string;
  kana: string;
  post: string;
  organisation: (OrganisationRef & { host: boolean }) | null;
  /** Of grants on the space itself, or on its organisation. */
  mask: number | null;
  until: Date | null;
}

/**
 * Who is known to be in these spaces: each live grant of a person on the space itself or its host (`whole`), or on an
 * item of it that lies within reach. A part of a query; `h` is its alias at those who use it.
 */
const holdings = (sql: Db, spaceIds: string[], reach: Reach) => sql`(
  select g.principal_id as person, s.id as space, g.mask, g.expires_at, g.object_id in (s.id, s.organisation_id) as whole
  from grants g
  join spaces s on s.id = any(${spaceIds}::uuid[]) and (g.space_id = s.id or g.object_id = s.organisation_id)
  where g.principal_kind = 'person' and ${live(sql)}
    and not exists (select from blocks b where b.space_id = s.id and b.person_id = g.principal_id)
    and (g.object_id in (s.id, s.organisation_id) or exists (
      select from items i where i.id = g.object_id and ${visibleTo(sql, reach)})))`;

/** Persons with a grant of their own on the space, or on an item of it that lies within reach; by ふりがな. */
export async function memberRows(
  sql: Db,
  spaceId: string,
  hostId: string,
  reach: Reach,
): Promise<MemberRow[]> {
  return sql<MemberRow[]>`
    with held as (
      select h.person, bit_or(h.mask) filter (where h.whole) as mask,
        case when bool_or(h.expires_at is null) then null else max(h.expires_at) end as until
      from ${holdings(sql, [spaceId], reach)} h
      group by h.person)
    select p.id, p.name, p.kana, coalesce(home.post, '') as post, home.organisation, held.mask, held.until
    from held join people p on p.id = held.person
    left join lateral (
      select a.post, json_build_object('id', o.id, 'name', o.name, 'host', o.id = ${hostId}) as organisation,
        o.id = ${hostId} as host, o.kana, o.name
      from affiliations a join organisations o on o.id = a.organisation_id
      where a.person_id = p.id and ${today(sql)}
      order by (o.id = ${hostId}) desc, a.starts_at limit 1) home on true
    where p.suspended_at is null and p.deleted_at is null
    order by home.host desc nulls last, coalesce(nullif(home.kana, ''), home.name) collate "ja-x-icu",
      coalesce(nullif(p.kana, ''), p.name) collate "ja-x-icu", p.id`;
}

export interface WholeRow {
  organisation: OrganisationRef & { host: boolean };
  name: string;
  mask: number;
}

/** Organisations and groups that were let into the space whole. */
export async function wholeRows(sql: Db, spaceId: string, hostId: string): Promise<WholeRow[]> {
  return sql<WholeRow[]>`
    select json_build_object('id', o.id, 'name', o.name, 'host', o.id = ${hostId}) as organisation,
      coalesce(gr.name, o.name) as name, g.mask
    from grants g
    left join groups gr on g.principal_kind = 'group' and gr.id = g.principal_id
    join organisations o on o.id = coalesce(gr.organisation_id, g.principal_id)
    where g.principal_kind in ('organisation', 'group') and g.object_id in (${spaceId}, ${hostId}) and ${live(sql)}
    order by (o.id = ${hostId}) desc, coalesce(nullif(o.kana, ''), o.name) collate "ja-x-icu", gr.sort, gr.id`;
}

/** Whether any item within reach lies open to the space: whoever views the space sees it too. */
export async function reachesOpenItem(sql: Db, spaceId: string, reach: Reach): Promise<boolean> {
  const rows = await sql`
    select 1 from items i where i.space_id = ${spaceId} and ${spaceId} = any(i.access_path)
      and ${visibleTo(sql, reach)} limit 1`;
  return rows.length > 0;
}

/** Until when the person holds anything in the space; null when nothing of it ends. */
export async function heldUntil(sql: Db, spaceId: string, personId: string): Promise<Date | null> {
  const [row] = await sql<{ until: Date | null }[]>`
    select case when bool_or(g.expires_at is null) then null else max(g.expires_at) end as until
    from grants g
    where g.space_id = ${spaceId} and ${live(sql)} and (
      (g.principal_kind = 'person' and g.principal_id = ${personId})
      or g.principal_id in (
        select unnest(array[a.organisation_id, a.group_id]) from affiliations a
        where a.person_id = ${personId} and ${today(sql)}))`;
  return row?.until ?? null;
}

/**
 * People, organisations and groups whose name or reading holds the text. `organisationIds` are those whose people
 * may be found; people who hold anything in the space, or one of the objects, are found in any case.
 */
export async function candidateRows(
  sql: Db,
  holding: { spaceId?: string; objectIds?: string[] },
  organisationIds: string[],
  pattern: string,
  kanaPattern: string,
): Promise<Candidate[]> {
  const matches = (name: ReturnType<Db>, kana: ReturnType<Db>) =>
    sql`(lower(normalize(${name}, NFKC)) like ${pattern} or ${kana} like ${kanaPattern})`;
  return sql<Candidate[]>`
    select kind, id, name, kana, organisation, post from (
      select distinct on (p.id) 2 as rank, 'person' as kind, p.id, p.name, p.kana, coalesce(o.name, '') as organisation,
        coalesce(a.post, '') as post
      from people p
      left join affiliations a on a.person_id = p.id and ${today(sql)}
      left join organisations o on o.id = a.organisation_id
      where p.suspended_at is null and p.deleted_at is null and ${matches(sql`p.name`, sql`p.kana`)}
        and (a.organisation_id = any(${organisationIds}::uuid[]) or exists (
          select from grants g where g.principal_kind = 'person' and g.principal_id = p.id and ${live(sql)}
            and (g.space_id = ${holding.spaceId ?? null} or g.object_id = any(${holding.objectIds ?? []}::uuid[]))))
      order by p.id, a.starts_at) persons
    union all
    select 'organisation', o.id, o.name, o.kana, o.name, '' from organisations o
    where o.id = any(${organisationIds}::uuid[]) and ${matches(sql`o.name`, sql`o.kana`)}
    union all
    select 'group', g.id, g.name, g.kana, o.name, '' from groups g join organisations o on o.id = g.organisation_id
    where g.organisation_id = any(${organisationIds}::uuid[]) and g.ended_at is null
      and ${matches(sql`g.name`, sql`g.kana`)}
    limit 200`;
}

/** Organisations of the people who hold a grant in the space, and the organisations that do themselves. */
export async function organisationsIn(sql: Db, spaceId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select distinct a.organisation_id as id from grants g
    join affiliations a on a.person_id = g.principal_id and ${today(sql)}
    where g.space_id = ${spaceId} and g.principal_kind = 'person' and ${live(sql)}
    union
    select g.principal_id from grants g
    where g.space_id = ${spaceId} and g.principal_kind = 'organisation' and ${live(sql)}`;
  return rows.map((row) => row.id);
}

export async function organisationsOf(sql: Db, personId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select distinct a.organisation_id as id from affiliations a where a.person_id = ${personId} and ${today(sql)}`;
  return rows.map((row) => row.id);
}

/** Six people at most: who looks for a name types on. */
const PEOPLE_FOUND = 6;

/**
 * People of the spaces that the caller may view, as the pages of their members show them, whose name or ふりがな holds
 * every word, with or without the space inside of it. Each once, in `near` where they are there too.
 */
export async function peopleNamed(
  sql: Db,
  text: string,
  reach: Reach,
  near: string | null,
): Promise<Found[]> {
  return sql<Found[]>`
    with typed as (select regexp_split_to_array(trim(fold_name(${text}::text)), '\\s+') as words),
    viewed as (select coalesce(array_agg(s.id), '{}') as ids from spaces s
      where s.id = any(${reach.spaceIds}::uuid[])
        and (s.id = any(${reach.objectIds}::uuid[]) or s.organisation_id = any(${reach.objectIds}::uuid[])))
    select id, 'person' as kind, name, "spaceId", "where" from (
      select distinct on (p.id) p.id, p.name, p.kana, h.space as "spaceId", coalesce(home.name, s.name) as "where",
        strpos(fold_name(p.name), typed.words[1]) = 1 or strpos(fold_name(p.kana), typed.words[1]) = 1 as begins
      from typed, viewed, ${holdings(sql, reach.spaceIds, reach)} h
      join spaces s on s.id = h.space
      join people p on p.id = h.person
      left join lateral (
        select o.name from affiliations a join organisations o on o.id = a.organisation_id
        where a.person_id = p.id and ${today(sql)} order by a.starts_at limit 1) home on true
      where h.space = any(viewed.ids) and p.suspended_at is null and p.deleted_at is null
        and not exists (select from unnest(typed.words) word where strpos(
          fold_name(concat_ws(' ', p.name, p.kana, regexp_replace(p.name, '\\s', '', 'g'), regexp_replace(p.kana, '\\s', '', 'g'))),
          word) = 0)
      order by p.id, h.space is not distinct from ${near}::uuid desc, s.archived_at is not null, s.name, s.id) found
    order by not begins, coalesce(nullif(kana, ''), name) collate "ja-x-icu", id
    limit ${PEOPLE_FOUND}`;
}
