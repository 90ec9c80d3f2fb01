import { covers, roleOf, ROLES } from '@engawa/access';
import type { Tx } from '@engawa/db';
import {
  Conflict,
  CorrectInvitationInput,
  Forbidden,
  Gone,
  GUEST_DAYS,
  GUEST_DAYS_MAX,
  Invalid,
  INVITATION_DAYS,
  InvitationIdInput,
  type InvitationRow,
  InviteInput,
  newId,
  NotFound,
  parse,
} from '@engawa/schema';
import { type Ctx, deriveToken, hashToken, inside, personOf } from '../ctx.ts';
import { type Access, reachOf, requireAccess } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import { endOfDay, personByEmail, personById, spend } from '../people/index.ts';
import * as db from './guests.sql.ts';
import { vouchedFor } from './organisations.ts';

/** Purpose under which the tokens of invitations are derived. */
export const INVITATION = 'invitation';

/**
 * Invites an address to a space, folder or item with a role until a day (90 days when nobody says, a year at most).
 * Needs `share` there, and all that the role holds. The answer is the same whether the address has an account.
 * The mail is the worker's: event `guests.invited`, data.sending. Errors: Forbidden `grants.more_than_held`,
 * `invitation.organisation`, `invitation.host_organisation`; Conflict `invitation.exists` (details.id); `until.past`,
 * `until.too_far`, `until.beyond_own`; `too_many`.
 */
export async function invite(ctx: Ctx, input: InviteInput): Promise<{ id: string; until: Date }> {
  const given = parse(InviteInput, input);
  const by = personOf(ctx);
  await requireShared(ctx, given.objectId);
  await spendMail(ctx, given.email);
  const id = newId();
  return ctx.sql.begin(async (tx) => {
    const access = await requireShared(inside(ctx, tx), given.objectId);
    const mask = ROLES[given.role];
    requireHeld(access, mask);
    const { hostId, kind } = access;
    const organisationId = await vouchedFor(tx, given, { personId: by, kind, hostId });
    const until = await untilFor(tx, access, given.until ?? null);
    await db.lockAddress(tx, access.objectId, given.email);
    const open = await db.openInvitationTo(tx, access.objectId, given.email);
    if (open) throw new Conflict('invitation.exists', 'This address is invited already', { id: open });
    await db.insertInvitation(tx, {
      id,
      tokenHash: hashToken(deriveToken(ctx.services, INVITATION, id, 1)),
      objectId: access.objectId,
      spaceId: access.spaceId!,
      email: given.email,
      name: given.name,
      organisationId,
      organisationName: given.organisation,
      mask,
      accessUntil: until,
      days: INVITATION_DAYS,
      locale: await localeFor(tx, given.email, by),
      by,
    });
    await tell(tx, ctx, 'guests.invited', { id, ...access, sending: 1 });
    return { id, until };
  });
}

/** Invitations to the object, and for a space those to its items as far as the caller may share them. Needs `share`. */
export async function invitations(ctx: Ctx, objectId: string): Promise<InvitationRow[]> {
  const access = await requireShared(ctx, objectId);
  const rows = await db.invitationsOn(ctx.sql, access.objectId, await reachOf(ctx, 'share'));
  return rows.map(({ mask, ...row }) => ({ ...row, role: roleOf(mask) }));
}

/**
 * Sends a new link; the one before it stops working. Needs `share`, and all that the invitation gives.
 * Errors: Gone `invitation.used`, `invitation.withdrawn`; `invitation.expired` when the access itself would have
 * ended; `too_many`.
 */
export async function resendInvitation(ctx: Ctx, input: InvitationIdInput): Promise<void> {
  const { id } = parse(InvitationIdInput, input);
  const { email } = await sharedInvitation(ctx, id);
  await spendMail(ctx, email);
  await ctx.sql.begin(async (tx) => {
    const { invitation } = await requireInvitation(ctx, tx, id);
    if (invitation.accessUntil <= new Date()) throw new Gone('invitation.expired', 'Set a later end first');
    await sendAgain(tx, ctx, invitation);
  });
}

/**
 * Corrects address, name, role and end of an invitation that nobody has used. A new address, or a link that had
 * expired, is sent a new link. Needs `share`, and all that it gave and will give.
 */
export async function correctInvitation(ctx: Ctx, input: CorrectInvitationInput): Promise<void> {
  const given = parse(CorrectInvitationInput, input);
  const before = await sharedInvitation(ctx, given.id);
  if (given.email !== before.email || before.state === 'expired') await spendMail(ctx, given.email);
  await ctx.sql.begin(async (tx) => {
    const { invitation, access } = await requireInvitation(ctx, tx, given.id);
    const mask = ROLES[given.role];
    requireHeld(access, mask);
    const accessUntil = await untilFor(tx, access, given.until);
    const { id, email, name } = given;
    const by = personOf(ctx);
    if (email !== invitation.email) {
      await db.lockAddress(tx, access.objectId, email);
      const open = await db.openInvitationTo(tx, access.objectId, email);
      if (open) throw new Conflict('invitation.exists', 'This address is invited already', { id: open });
    }
    await db.setInvitation(tx, {
      id,
      email,
      name,
      mask,
      accessUntil,
      locale: await localeFor(tx, email, by),
      by,
    });
    await tell(tx, ctx, 'guests.corrected', { ...access, ...invitation });
    if (email !== invitation.email || invitation.state === 'expired') await sendAgain(tx, ctx, invitation);
  });
}

/** Takes an invitation back; its link says so from now on. Needs `share`. Gone `invitation.used` once accepted. */
export async function withdrawInvitation(ctx: Ctx, input: InvitationIdInput): Promise<void> {
  const { id } = parse(InvitationIdInput, input);
  await ctx.sql.begin(async (tx) => {
    const { invitation } = await requireInvitation(ctx, tx, id, { mayWithdraw: true });
    if (invitation.state === 'withdrawn') return;
    await db.setWithdrawn(tx, id);
    await tell(tx, ctx, 'guests.withdrawn', invitation);
  });
}

async function sendAgain(tx: Tx, ctx: Ctx, { id, sending, objectId, spaceId }: db.Invitation): Promise<void> {
  const next = sending + 1;
  const tokenHash = hashToken(deriveToken(ctx.services, INVITATION, id, next));
  await db.renewInvitation(tx, { id, sending: next, tokenHash, days: INVITATION_DAYS, by: personOf(ctx) });
  await tell(tx, ctx, 'guests.resent', { id, objectId, spaceId, sending: next });
}

async function tell(
  tx: Tx,
  ctx: Ctx,
  verb: string,
  about: { id: string; objectId: string; spaceId: string | null; sending: number },
): Promise<void> {
  const { id, objectId, spaceId, sending } = about;
  await record(tx, ctx, {
    verb,
    objectKind: 'invitation',
    objectId: id,
    spaceId,
    ids: { object: objectId },
    data: { sending },
  });
}

/** Spaces and items are what guests are invited to. */
async function requireShared(ctx: Ctx, objectId: string): Promise<Access> {
  const access = await requireAccess(ctx, 'share', objectId);
  if (!access.spaceId) throw new NotFound();
  return access;
}

/** The invitation as it stands, for who may share there. */
async function sharedInvitation(ctx: Ctx, id: string): Promise<db.Invitation> {
  const invitation = await db.invitationById(ctx.sql, id);
  if (!invitation) throw new NotFound();
  await requireShared(ctx, invitation.objectId);
  return invitation;
}

/** Every mail to an outsider counts, for who has it sent and for who gets it: nobody is flooded in our name. */
async function spendMail(ctx: Ctx, email: string): Promise<void> {
  await spend(ctx.sql, 'invite-person', personOf(ctx));
  await spend(ctx.sql, 'invite-mail', email);
}

/** Nobody gives more than they hold. */
function requireHeld(access: Access, mask: number): void {
  if (!covers(access.mask, mask)) throw new Forbidden('grants.more_than_held');
}

async function requireInvitation(
  ctx: Ctx,
  tx: Tx,
  id: string,
  { mayWithdraw = false } = {},
): Promise<{ invitation: db.Invitation; access: Access }> {
  await db.lockInvitation(tx, id);
  const invitation = await db.invitationById(tx, id);
  if (!invitation) throw new NotFound();
  const access = await requireShared(inside(ctx, tx), invitation.objectId);
  if (invitation.state === 'used') throw new Gone('invitation.used', 'It has been accepted');
  if (!mayWithdraw) {
    if (invitation.state === 'withdrawn') throw new Gone('invitation.withdrawn', 'It has been withdrawn');
    requireHeld(access, invitation.mask);
  }
  return { invitation, access };
}

/** The end of the access: of a day in the host's zone, at most a year ahead, never past the inviter's own end. */
async function untilFor(tx: Tx, access: Access, day: string | Date | null): Promise<Date> {
  const own = access.kind === 'staff' ? null : access.until;
  const until = await endOfDay(tx, access.hostId, day ?? GUEST_DAYS);
  if (until.getTime() <= Date.now()) throw new Invalid('until.past', 'This day is over', { field: 'until' });
  if (until.getTime() > Date.now() + GUEST_DAYS_MAX * 86_400_000) {
    throw new Invalid('until.too_far', 'At most a year ahead', { field: 'until' });
  }
  if (!own || until <= own) return until;
  if (!day) return own;
  throw new Invalid('until.beyond_own', 'Not past your own end here', { field: 'until' });
}

/** The receiver's language where they have an account, else the inviter's. */
async function localeFor(tx: Tx, email: string, inviterId: string) {
  const person = (await personByEmail(tx, email)) ?? (await personById(tx, inviterId));
  return person?.locale ?? 'ja';
}
