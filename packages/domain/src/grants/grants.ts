import { covers, maskOf, roleOf, ROLES, type PrincipalKind } from '@engawa/access';
import type { Tx } from '@engawa/db';
import {
  ChangeGrantInput,
  Conflict,
  Forbidden,
  GrantInput,
  GUEST_DAYS,
  Invalid,
  newId,
  NotFound,
  parse,
  RevokeGrantInput,
  type Role,
} from '@engawa/schema';
import { inside, personOf, type Ctx } from '../ctx.ts';
import { record } from '../ledger/index.ts';
import { heldUntil, requireAccess, type Access } from './access.ts';
import { bumpEpoch } from './epochs.ts';
import {
  endGrant,
  grantById,
  grantOf,
  grantRows,
  heldByAnybody,
  isGroupOf,
  isStaff,
  lockGrantsOf,
  othersHolding,
  principalExists,
  putGrant,
  spacesOf,
  type GrantHead,
} from './grants.sql.ts';

/** One line of the share dialog. */
export interface GrantView {
  id: string;
  principal: {
    kind: PrincipalKind;
    id: string | null;
    name: string;
    kana: string;
    organisation: string | null;
  };
  role: Role | null;
  mask: number;
  until: Date | null;
  /** Whether the principal comes from outside the host organisation. */
  guest: boolean;
  /** Null when it is granted right here; else where it comes from. */
  inheritedFrom: { id: string; title: string } | null;
  can: { change: boolean };
}

/** Who holds what on the object, inherited grants included. Needs `share`. */
export async function grantsOn(ctx: Ctx, objectId: string): Promise<GrantView[]> {
  const access = await requireAccess(ctx, 'share', objectId);
  return grantViews(ctx, access);
}

export async function grantViews(ctx: Ctx, access: Access): Promise<GrantView[]> {
  const rows = await grantRows(ctx.sql, access.accessPath, access.hostId);
  return rows.map((row) => ({
    id: row.id,
    principal: {
      kind: row.principalKind,
      id: row.principalId,
      name: row.name,
      kana: row.kana,
      organisation: row.organisation,
    },
    role: roleOf(row.mask),
    mask: row.mask,
    until: row.expiresAt,
    guest: !row.host,
    inheritedFrom: row.objectId === access.objectId ? null : { id: row.objectId, title: row.objectTitle },
    can: { change: access.can.share && row.objectId === access.objectId && covers(access.mask, row.mask) },
  }));
}

/**
 * Gives a person, an organisation or a group a role on the object; a live grant of theirs there is changed.
 * Needs `share`, and nobody gives more than they hold. Guests' grants end (after 90 days when nobody says).
 */
export async function grant(ctx: Ctx, input: unknown): Promise<{ id: string; until: Date | null }> {
  const { objectId, principal, role, until } = parse(GrantInput, input);
  return ctx.sql.begin(async (tx) => {
    const access = await requireAccess(inside(ctx, tx), 'share', objectId);
    if (!(await principalExists(tx, principal.kind, principal.id))) throw new NotFound('grants.no_principal');
    const mask = ROLES[role];
    requireHeld(access, mask);
    const expiresAt = await endOf(tx, ctx, access, { principal, mask, until });
    const head = await grantOf(tx, access.objectId, principal);
    if (head) await requireMayReplace(tx, access, head, { mask, expiresAt });
    const id = await writeGrant(tx, ctx, access, { principal, mask, expiresAt });
    return { id, until: expiresAt };
  });
}

/** Changes the role or the end of a grant. Needs `share` where it was given, and all that it holds or will hold. */
export async function changeGrant(ctx: Ctx, input: unknown): Promise<void> {
  const { grantId, role, until } = parse(ChangeGrantInput, input);
  await ctx.sql.begin(async (tx) => {
    const { head, access } = await grantToChange(ctx, tx, grantId);
    const mask = role ? ROLES[role] : head.mask;
    const principal = { kind: head.principalKind, id: head.principalId };
    requireHeld(access, mask);
    // With an end that stays, what is more than before must not outlast the giver.
    const kept = until === undefined;
    const expiresAt =
      kept && covers(head.mask, mask)
        ? head.expiresAt
        : await endOf(tx, ctx, access, { principal, mask, until: kept ? head.expiresAt : until });
    await requireMayReplace(tx, access, head, { mask, expiresAt });
    await writeGrant(tx, ctx, access, { principal, mask, expiresAt });
  });
}

/** Takes a grant back: open pages and connections that rest on it end within a second. Needs `share`. */
export async function revokeGrant(ctx: Ctx, input: unknown): Promise<void> {
  const { grantId } = parse(RevokeGrantInput, input);
  await ctx.sql.begin(async (tx) => {
    const { head, access } = await grantToChange(ctx, tx, grantId);
    await requireAnotherManager(tx, head);
    await endGrant(tx, head.id, personOf(ctx));
    await announce(tx, ctx, access, 'grants.revoked', head.principalKind, head.principalId);
  });
}

/**
 * Writes a grant inside a verb's transaction, with its ledger row and epoch. The verb has asked for permission;
 * this only refuses to give more than the caller holds (`mayExceed` is for what an inviter allowed before).
 */
export async function writeGrant(
  tx: Tx,
  ctx: Ctx,
  access: Pick<Access, 'objectId' | 'objectKind' | 'spaceId' | 'mask'>,
  given: {
    principal: { kind: PrincipalKind; id: string | null };
    mask: number;
    notBefore?: Date | null;
    expiresAt: Date | null;
    reason?: string;
    grantedBy?: string;
    mayExceed?: boolean;
  },
): Promise<string> {
  if (!given.mayExceed && !covers(access.mask, given.mask)) throw new Forbidden('grants.more_than_held');
  const id = await putGrant(tx, {
    id: newId(),
    principalKind: given.principal.kind,
    principalId: given.principal.id,
    objectId: access.objectId,
    spaceId: access.spaceId,
    mask: given.mask,
    notBefore: given.notBefore ?? null,
    expiresAt: given.expiresAt,
    reason: given.reason ?? '',
    grantedBy: given.grantedBy ?? personOf(ctx),
  });
  await announce(tx, ctx, access, 'grants.given', given.principal.kind, given.principal.id, given.mask);
  return id;
}

async function announce(
  tx: Tx,
  ctx: Ctx,
  access: Pick<Access, 'objectId' | 'objectKind' | 'spaceId'>,
  verb: string,
  principalKind: PrincipalKind,
  principalId: string | null,
  mask?: number,
): Promise<void> {
  await record(tx, ctx, {
    verb,
    objectKind: access.objectKind,
    objectId: access.objectId,
    spaceId: access.spaceId,
    ids: principalId ? { [principalKind]: principalId } : {},
    data: mask === undefined ? {} : { mask },
  });
  // What is granted on an organisation reaches into all its spaces.
  await bumpEpoch(tx, access.spaceId ?? (await spacesOf(tx, access.objectId)));
}

async function grantToChange(
  ctx: Ctx,
  tx: Tx,
  grantId: string,
): Promise<{ head: GrantHead; access: Access }> {
  const head = await grantById(tx, grantId);
  if (!head) throw new NotFound();
  const access = await requireAccess(inside(ctx, tx), 'share', head.objectId);
  requireHeld(access, head.mask);
  return { head, access };
}

function requireHeld(access: Access, mask: number): void {
  if (!covers(access.mask, mask)) throw new Forbidden('grants.more_than_held');
}

/**
 * For verbs that put an object elsewhere: whoever holds something by the objects above the new place that were not
 * above the old one is let in by that. It is sharing, and asks for no less: nobody lets in without `share`, nobody
 * gives more than they hold. Throws Forbidden `items.lets_in`.
 */
export async function requireMayLetIn(tx: Tx, access: Access, above: string[]): Promise<void> {
  const gained = above.filter((id) => !access.accessPath.includes(id));
  const mask = await heldByAnybody(tx, gained);
  if (mask === 0 || (access.can.share && covers(access.mask, mask))) return;
  throw new Forbidden('items.lets_in', 'More people could see or change it there');
}

/** A grant that stands is changed only by who holds as much, and not at the cost of the last manager. */
async function requireMayReplace(
  tx: Tx,
  access: Access,
  head: GrantHead,
  next: { mask: number; expiresAt: Date | null },
): Promise<void> {
  requireHeld(access, head.mask);
  if (!covers(next.mask, maskOf('manage')) || next.expiresAt) await requireAnotherManager(tx, head);
}

/** A space or limited folder never loses its last manager: nobody could let anyone in again. */
async function requireAnotherManager(tx: Tx, head: GrantHead): Promise<void> {
  const manage = maskOf('manage');
  if (!covers(head.mask, manage) || head.expiresAt) return;
  await lockGrantsOf(tx, head.objectId);
  if ((await othersHolding(tx, head.objectId, head.id, manage)) === 0)
    throw new Conflict('grants.last_manager');
}

/** The end of what is given: no guest gives longer than they hold it, and nobody does to themself. */
async function endOf(
  tx: Tx,
  ctx: Ctx,
  access: Access,
  given: {
    principal: { kind: PrincipalKind; id: string | null };
    mask: number;
    until: Date | null | undefined;
  },
): Promise<Date | null> {
  const { principal, mask, until } = given;
  const bound = access.kind !== 'staff' || principal.id === personOf(ctx);
  const own = bound ? heldUntil(access, mask | maskOf('share')) : null;
  if (until && own && until > own) {
    throw new Invalid('until.beyond_own', 'Not past your own end here', { field: 'until' });
  }
  if (until) return until;
  const usual = (await isInHouse(tx, principal, access.hostId))
    ? null
    : new Date(Date.now() + GUEST_DAYS * 86_400_000);
  return own && (!usual || usual > own) ? own : usual;
}

async function isInHouse(
  tx: Tx,
  { kind, id }: { kind: PrincipalKind; id: string | null },
  hostId: string,
): Promise<boolean> {
  if (kind === 'person') return isStaff(tx, id!, hostId);
  if (kind === 'group') return isGroupOf(tx, id!, hostId);
  return kind === 'organisation' && id === hostId;
}
