import type { Db } from '@engawa/db';
import type { InvitationRow, ItemKind, Locale, ObjectKind } from '@engawa/schema';
import { type Reach, visibleTo } from '../grants/index.ts';

/** An invitation with everything that deciding about it needs; the names are those of now. */
export interface Invitation {
  id: string;
  sending: number;
  objectId: string;
  objectKind: ObjectKind;
  /** Title of the item, or name of the space. Null when the item is gone or in the trash. */
  objectTitle: string | null;
  itemKind: ItemKind | null;
  spaceId: string;
  spaceName: string;
  purpose: string;
  archived: boolean;
  hostId: string;
  hostName: string;
  email: string;
  name: string;
  organisationId: string | null;
  organisationName: string;
  mask: number;
  accessUntil: Date;
  expiresAt: Date;
  locale: Locale;
  sentAt: Date | null;
  invitedBy: string;
  inviterName: string;
  inviterOrganisation: string;
  state: InvitationRow['state'];
}

const state = (sql: Db) => sql`case
  when v.accepted_at is not null then 'used' when v.withdrawn_at is not null then 'withdrawn'
  when v.expires_at <= now() or v.access_until <= now() then 'expired' else 'open' end`;

const whole = (sql: Db) => sql`
  select v.id, v.sending, v.object_id as "objectId",
    case when v.object_id = v.space_id then 'space' else 'item' end as "objectKind",
    case when v.object_id = v.space_id then s.name else i.title end as "objectTitle", i.kind as "itemKind",
    v.space_id as "spaceId", s.name as "spaceName", s.purpose, s.archived_at is not null as archived,
    h.id as "hostId", h.name as "hostName", v.email, v.name, v.organisation_id as "organisationId",
    coalesce(o.name, v.organisation_name) as "organisationName", v.mask, v.access_until as "accessUntil",
    v.expires_at as "expiresAt", v.locale, v.sent_at as "sentAt", v.invited_by as "invitedBy", p.name as "inviterName",
    coalesce(home.name, '') as "inviterOrganisation", ${state(sql)} as state
  from invitations v
  join spaces s on s.id = v.space_id
  join organisations h on h.id = s.organisation_id
  left join items i on i.id = v.object_id and i.trash_root is null
  left join organisations o on o.id = v.organisation_id
  join people p on p.id = v.invited_by
  left join lateral (
    select og.name from affiliations a join organisations og on og.id = a.organisation_id
    where a.person_id = p.id and a.starts_at <= now() and (a.ends_at is null or a.ends_at > now())
    order by (og.id = h.id) desc, a.starts_at limit 1) home on true`;

export async function invitationByToken(sql: Db, tokenHash: Buffer): Promise<Invitation | null> {
  const [row] = await sql<Invitation[]>`${whole(sql)} where v.token_hash = ${tokenHash}`;
  return row ?? null;
}

/** The invitation that this link once led to, before a newer one was sent. */
export async function invitationByOldToken(sql: Db, tokenHash: Buffer): Promise<Invitation | null> {
  const [row] = await sql<Invitation[]>`
    ${whole(sql)} where v.id = (select invitation_id from invitation_old_links where token_hash = ${tokenHash})`;
  return row ?? null;
}

export async function invitationById(sql: Db, id: string): Promise<Invitation | null> {
  const [row] = await sql<Invitation[]>`${whole(sql)} where v.id = ${id}`;
  return row ?? null;
}

/** Two that use, correct or withdraw one invitation take turns. */
export async function lockInvitation(tx: Db, id: string): Promise<void> {
  await tx`select 1 from invitations where id = ${id} for update`;
}

/** Two that invite the same address to the same object take turns. */
export async function lockAddress(tx: Db, objectId: string, email: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(727006, hashtext(${`${objectId} ${email}`}))`;
}

export async function openInvitationTo(tx: Db, objectId: string, email: string): Promise<string | null> {
  const [row] = await tx<{ id: string }[]>`
    select v.id from invitations v where v.object_id = ${objectId} and v.email = ${email} and ${state(tx)} = 'open'`;
  return row?.id ?? null;
}

/** Invitations to the object; for a space, also those to items of it within reach. Newest first. */
export async function invitationsOn(
  sql: Db,
  objectId: string,
  reach: Reach,
): Promise<(Omit<InvitationRow, 'role'> & { mask: number })[]> {
  return sql`
    select v.id, v.object_id as "objectId",
      case when v.object_id = v.space_id then 'space' else 'item' end as "objectKind", v.email, v.name,
      coalesce(o.name, v.organisation_name) as organisation, v.mask, v.access_until as until,
      v.expires_at as "expiresAt", ${state(sql)} as state,
      json_build_object('id', p.id, 'name', p.name, 'kana', p.kana) as "invitedBy", v.created_at as "createdAt",
      v.sent_at as "sentAt"
    from invitations v
    join people p on p.id = v.invited_by
    left join organisations o on o.id = v.organisation_id
    where v.object_id = ${objectId} or (v.space_id = ${objectId} and exists (
      select from items i where i.id = v.object_id and ${visibleTo(sql, reach)}))
    order by v.created_at desc, v.id desc limit 1000`;
}

export async function insertInvitation(
  tx: Db,
  row: {
    id: string;
    tokenHash: Buffer;
    objectId: string;
    spaceId: string;
    email: string;
    name: string;
    organisationId: string | null;
    organisationName: string;
    mask: number;
    accessUntil: Date;
    days: number;
    locale: Locale;
    by: string;
  },
): Promise<void> {
  await tx`
    insert into invitations (id, token_hash, object_id, space_id, email, name, organisation_id, organisation_name, mask,
      access_until, expires_at, locale, invited_by)
    values (${row.id}, ${row.tokenHash}, ${row.objectId}, ${row.spaceId}, ${row.email}, ${row.name},
      ${row.organisationId}, ${row.organisationName}, ${row.mask}, ${row.accessUntil},
      least(${row.accessUntil}::timestamptz, now() + ${row.days} * interval '1 day'), ${row.locale}, ${row.by})`;
}

/** A new link; the one before it is dead from here on. Whoever sends it answers for it. */
export async function renewInvitation(
  tx: Db,
  row: { id: string; sending: number; tokenHash: Buffer; days: number; by: string },
): Promise<void> {
  await tx`
    insert into invitation_old_links (token_hash, invitation_id)
    select token_hash, id from invitations where id = ${row.id} on conflict do nothing`;
  await tx`
    update invitations set sending = ${row.sending}, token_hash = ${row.tokenHash}, sent_at = null,
      expires_at = least(access_until, now() + ${row.days} * interval '1 day'), invited_by = ${row.by}
    where id = ${row.id}`;
}

export async function setInvitation(
  tx: Db,
  row: {
    id: string;
    email: string;
    name: string;
    mask: number;
    accessUntil: Date;
    locale: Locale;
    by: string;
  },
): Promise<void> {
  await tx`
    update invitations set email = ${row.email}, name = ${row.name}, mask = ${row.mask}, locale = ${row.locale},
      access_until = ${row.accessUntil}, expires_at = least(expires_at, ${row.accessUntil}::timestamptz),
      invited_by = ${row.by}
    where id = ${row.id}`;
}

export async function setWithdrawn(tx: Db, id: string): Promise<void> {
  await tx`update invitations set withdrawn_at = now() where id = ${id} and withdrawn_at is null`;
}

export async function setAccepted(tx: Db, id: string, by: string): Promise<void> {
  await tx`update invitations set accepted_at = now(), accepted_by = ${by} where id = ${id}`;
}

export async function setSent(tx: Db, id: string, sending: number): Promise<void> {
  await tx`update invitations set sent_at = now() where id = ${id} and sending = ${sending}`;
}

/** The person's live grant on exactly this object. */
export async function grantHeld(
  tx: Db,
  objectId: string,
  personId: string,
): Promise<{ mask: number; expiresAt: Date | null } | null> {
  const [row] = await tx<{ mask: number; expiresAt: Date | null }[]>`
    select mask, expires_at as "expiresAt" from grants
    where object_id = ${objectId} and principal_kind = 'person' and principal_id = ${personId}
      and revoked_at is null and (expires_at is null or expires_at > now())`;
  return row ?? null;
}
