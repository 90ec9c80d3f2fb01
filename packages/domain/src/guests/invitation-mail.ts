import { roleOf } from '@engawa/access';
import type { InvitationMail } from '@engawa/schema';
import { deriveToken, type Services } from '../ctx.ts';
import * as db from './guests.sql.ts';
import { INVITATION } from './invite.ts';

/**
 * What the mail of an invitation is written from, its link included; asked for by the worker after `guests.invited`
 * and `guests.resent` (objectId). Null when it is not open any more, or the mail of this sending has left.
 */
export async function invitationMail(services: Services, id: string): Promise<InvitationMail | null> {
  const invitation = await db.invitationById(services.sql, id);
  if (!invitation || invitation.state !== 'open' || invitation.sentAt) return null;
  const { sending } = invitation;
  return {
    sending,
    to: { name: invitation.name, address: invitation.email },
    inviter: { name: invitation.inviterName, organisation: invitation.inviterOrganisation },
    host: invitation.hostName,
    space: invitation.spaceName,
    object: { kind: invitation.objectKind, title: invitation.objectTitle ?? '' },
    role: roleOf(invitation.mask),
    until: invitation.accessUntil,
    expiresAt: invitation.expiresAt,
    url: `${services.origin}/invite/${deriveToken(services, INVITATION, id, sending)}`,
    locale: invitation.locale,
  };
}

/** Notes that the mail of this sending has left; for the worker. */
export async function invitationSent(
  services: Services,
  { id, sending }: { id: string; sending: number },
): Promise<void> {
  await db.setSent(services.sql, id, sending);
}
