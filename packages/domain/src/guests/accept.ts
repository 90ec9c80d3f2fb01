import { covers, roleOf } from '@engawa/access';
import type { Tx } from '@engawa/db';
import {
  type Accepted,
  AcceptInvitationInput,
  type Client,
  UNKNOWN_CLIENT,
  Conflict,
  Forbidden,
  Gone,
  Invalid,
  type InvitationView,
  itemPath,
  newId,
  OpenInvitationInput,
  parse,
} from '@engawa/schema';
import { type Ctx, hashToken, inside } from '../ctx.ts';
import { accessOf, bumpEpochsOf, writeGrant } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import {
  hashPassword,
  insertAffiliation,
  insertPerson,
  liveAffiliations,
  openSession,
  personByEmail,
  personById,
  type PersonRecord,
  setPasswordHash,
} from '../people/index.ts';
import * as db from './guests.sql.ts';
import { organisationFor } from './organisations.ts';

/**
 * What the link leads to, before anybody accepts. For whoever holds the link; without the right one nothing is told
 * but `wrong`, and of one that has ended or was replaced only that.
 */
export async function openInvitation(ctx: Ctx, input: OpenInvitationInput): Promise<InvitationView> {
  const { token } = parse(OpenInvitationInput, input);
  const invitation = await db.invitationByToken(ctx.sql, hashToken(token));
  if (!invitation) return { state: await oldStateOf(ctx, token) };
  const state = await stateOf(ctx, invitation);
  if (state !== 'open') return { state };
  const account = await personByEmail(ctx.sql, invitation.email);
  const signedIn = ctx.caller.kind === 'session' ? await personById(ctx.sql, ctx.caller.personId) : null;
  return {
    state,
    space: { id: invitation.spaceId, name: invitation.spaceName, purpose: invitation.purpose },
    object: { kind: invitation.objectKind, title: invitation.objectTitle ?? '' },
    inviter: { name: invitation.inviterName, organisation: invitation.inviterOrganisation },
    host: { id: invitation.hostId, name: invitation.hostName },
    name: invitation.name,
    organisation: invitation.organisationName,
    organisationFixed: invitation.organisationId !== null,
    role: roleOf(invitation.mask),
    until: invitation.accessUntil,
    email: invitation.email,
    hasAccount: Boolean(account?.passwordHash),
    signedIn: !signedIn ? 'nobody' : signedIn.email === invitation.email ? 'same' : 'other',
  };
}

/**
 * Accepts the invitation. Somebody new gives a name, an organisation and a password, and is signed in; whoever is
 * signed in with the invited address sends the token alone. For whoever holds the link; of two at once one wins.
 * Errors: `invitation.wrong`, Gone `invitation.used` / `.withdrawn` / `.expired` / `.replaced`, Conflict `invitation.sign_in` (the
 * address has an account: sign in, then accept), Conflict `invitation.other_person` (somebody else is signed in),
 * `name.empty`, `password.too_short`, Conflict `invitation.organisation_taken`, Forbidden `sign_in.suspended`.
 */
export async function acceptInvitation(
  ctx: Ctx,
  input: AcceptInvitationInput,
  client: Client = UNKNOWN_CLIENT,
): Promise<Accepted> {
  const given = parse(AcceptInvitationInput, input);
  const found = await requireOpen(ctx, given.token);
  // Argon2 takes its time: it is done for open invitations only, and before the transaction.
  const passwordHash = given.password ? await hashPassword(given.password) : null;
  return ctx.sql.begin(async (tx) => {
    await db.lockInvitation(tx, found.id);
    const invitation = await requireOpen(inside(ctx, tx), given.token);
    const person = await personFor(tx, ctx, invitation, given, passwordHash);
    await requireAffiliation(tx, invitation, person.id, given);
    const same = ctx.caller.kind === 'session';
    const signedIn = same ? null : await openSession(tx, ctx, person.id, client);
    const own: Ctx = same
      ? ctx
      : { ...ctx, caller: { kind: 'session', personId: person.id, sessionId: signedIn!.sessionId } };
    await giveAccess(tx, own, invitation, person.id);
    await db.setAccepted(tx, invitation.id, person.id);
    const { id, objectId, objectKind, spaceId } = invitation;
    const event = {
      objectKind: 'invitation' as const,
      objectId: id,
      spaceId,
      ids: { object: objectId, person: person.id },
    };
    await record(tx, own, { verb: 'guests.accepted', ...event });
    const path =
      objectKind === 'item'
        ? itemPath({ spaceId, kind: invitation.itemKind!, id: objectId })
        : `/s/${spaceId}`;
    return { session: signedIn, path, spaceId, objectId, objectKind };
  });
}

async function requireOpen(ctx: Ctx, token: string): Promise<db.Invitation> {
  const invitation = await db.invitationByToken(ctx.sql, hashToken(token));
  if (!invitation) {
    const old = await oldStateOf(ctx, token);
    if (old === 'wrong') throw new Invalid('invitation.wrong', 'This is not an invitation');
    throw new Gone(`invitation.${old}`, `The invitation is ${old}`);
  }
  const state = await stateOf(ctx, invitation);
  if (state !== 'open') throw new Gone(`invitation.${state}`, `The invitation is ${state}`);
  return invitation;
}

/** Of a link that does not work any more: whether there is a newer one, and nothing of where that went. */
async function oldStateOf(
  ctx: Ctx,
  token: string,
): Promise<Exclude<db.Invitation['state'], 'open'> | 'wrong' | 'replaced'> {
  const invitation = await db.invitationByOldToken(ctx.sql, hashToken(token));
  if (!invitation) return 'wrong';
  const state = await stateOf(ctx, invitation);
  return state === 'open' ? 'replaced' : state;
}

/** What was thrown away, or what the inviter could not give any more today, reads as withdrawn. */
async function stateOf(ctx: Ctx, invitation: db.Invitation): Promise<db.Invitation['state']> {
  if (invitation.state !== 'open') return invitation.state;
  if (invitation.objectTitle === null || invitation.archived) return 'withdrawn';
  const inviter: Ctx = { ...ctx, caller: { kind: 'job', personId: invitation.invitedBy, job: 'invitation' } };
  const access = await accessOf(inviter, invitation.objectId);
  return access?.can.share && covers(access.mask, invitation.mask) ? 'open' : 'withdrawn';
}

type Given = Pick<AcceptInvitationInput, 'name' | 'kana' | 'organisation' | 'post' | 'password'>;

async function personFor(
  tx: Tx,
  ctx: Ctx,
  invitation: db.Invitation,
  given: Given,
  passwordHash: string | null,
): Promise<Pick<PersonRecord, 'id'>> {
  const { email } = invitation;
  const account = await personByEmail(tx, email);
  if (account?.suspendedAt) throw new Forbidden('sign_in.suspended', 'This person is suspended');
  if (ctx.caller.kind === 'session') {
    if (account?.id === ctx.caller.personId) return account;
    throw new Conflict('invitation.other_person', 'Somebody else is signed in');
  }
  if (account?.passwordHash)
    throw new Conflict('invitation.sign_in', 'The address has an account: sign in first');
  if (!passwordHash) throw new Invalid('password.too_short', 'Choose a password', { field: 'password' });
  if (account) {
    await setPasswordHash(tx, account.id, passwordHash);
    return account;
  }
  if (!given.name) throw new Invalid('name.empty', 'Give your name', { field: 'name' });
  const id = newId();
  const { locale } = invitation;
  const person = { id, email, name: given.name, kana: given.kana ?? '', passwordHash, locale };
  if (!(await insertPerson(tx, person)))
    throw new Conflict('invitation.sign_in', 'The address has an account');
  return { id };
}

/** People without an affiliation today get one with a partner; those who have one keep it. */
async function requireAffiliation(
  tx: Tx,
  invitation: db.Invitation,
  personId: string,
  given: Given,
): Promise<void> {
  if ((await liveAffiliations(tx, personId)).length > 0) return;
  const organisationId = await organisationFor(tx, invitation, given.organisation ?? '');
  await insertAffiliation(tx, { id: newId(), personId, organisationId, post: given.post ?? '' });
  await bumpEpochsOf(tx, personId);
}

/** Whoever holds as much already keeps it: accepting never takes anything away. */
async function giveAccess(tx: Tx, own: Ctx, invitation: db.Invitation, personId: string): Promise<void> {
  const { objectId, objectKind, spaceId, mask, accessUntil, invitedBy } = invitation;
  const held = await db.grantHeld(tx, objectId, personId);
  if (held && covers(held.mask, mask) && (!held.expiresAt || held.expiresAt >= accessUntil)) return;
  await writeGrant(
    tx,
    own,
    { objectId, objectKind, spaceId, mask },
    {
      principal: { kind: 'person', id: personId },
      mask,
      expiresAt: accessUntil,
      grantedBy: invitedBy,
      mayExceed: true,
    },
  );
}
