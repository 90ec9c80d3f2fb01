import { roleOf } from '@engawa/access';
import { type InvitationLetter, NotFound } from '@engawa/schema';
import { type Ctx, deriveToken } from '../ctx.ts';
import { INVITATION } from './invite.ts';
import * as db from './guests.sql.ts';

/**
 * What the mail of an invitation is written from, its link included. For the worker alone, which follows
 * `guests.invited` and `guests.resent`; null when a newer link was sent, or the invitation is not open any more.
 */
export async function invitationLetter(
  ctx: Ctx,
  { id, sending }: { id: string; sending: number },
): Promise<InvitationLetter | null> {
  requireJob(ctx);
  const invitation = await db.invitationById(ctx.sql, id);
  if (!invitation || invitation.state !== 'open' || invitation.sending !== sending) return null;
  return {
    to: invitation.email,
    name: invitation.name,
    inviter: { name: invitation.inviterName, organisation: invitation.inviterOrganisation },
    host: invitation.hostName,
    space: invitation.spaceName,
    object: { kind: invitation.objectKind, title: invitation.objectTitle ?? '' },
    role: roleOf(invitation.mask),
    until: invitation.accessUntil,
    expiresAt: invitation.expiresAt,
    url: `${ctx.services.origin}/invite/${deriveToken(ctx.services, INVITATION, id, sending)}`,
    locale: invitation.locale,
  };
}

/** Notes that the mail of this sending has left. For the worker alone. */
export async function invitationSent(
  ctx: Ctx,
  { id, sending }: { id: string; sending: number },
): Promise<void> {
  requireJob(ctx);
  await db.setSent(ctx.sql, id, sending);
}

function requireJob(ctx: Ctx): void {
  if (ctx.caller.kind !== 'job') throw new NotFound();
}
