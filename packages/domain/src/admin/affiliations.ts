import { ROLES } from '@engawa/access';
import type { Tx } from '@engawa/db';
import {
  AddAffiliationInput,
  AddPersonInput,
  Conflict,
  EndAffiliationInput,
  Invalid,
  newId,
  NotFound,
  parse,
} from '@engawa/schema';
import { type Ctx, inside, personOf } from '../ctx.ts';
import { type Access, bumpEpochsOf, writeGrant } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import {
  createReset,
  endOfDay,
  insertAffiliation,
  insertPerson,
  personByEmail,
  startOfDay,
} from '../people/index.ts';
import * as db from './admin.sql.ts';
import { MANAGE, requireOrganisation } from './organisations.ts';

/** Hours for which the link in a welcome mail can be used. */
const WELCOME_HOURS = 7 * 24;

type Place = Pick<AddAffiliationInput, 'groupId' | 'post' | 'from' | 'until' | 'administrator'>;

/**
 * Adds a person to the organisation. Needs `manage` on it. Somebody new chooses a password by the link in a mail
 * (the worker's: event `people.added`, ids.reset); an address that is known already gets the affiliation, and the
 * answer is the same. Errors: Invalid `until.before_from`, NotFound for a group of another organisation.
 */
export async function addPerson(ctx: Ctx, input: AddPersonInput): Promise<{ id: string }> {
  const { organisationId, email, name, kana, ...place } = parse(AddPersonInput, input);
  return ctx.sql.begin(async (tx) => {
    const access = await requireOrganisation(inside(ctx, tx), organisationId);
    const id = newId();
    const added = await insertPerson(tx, { id, email, name, kana, passwordHash: null });
    const personId = added ? id : (await personByEmail(tx, email))?.id;
    if (!personId) throw new Conflict('email.taken', 'This address cannot be used');
    const affiliation = await affiliate(tx, ctx, access, personId, place);
    if (added) {
      const ids = {
        organisation: organisationId,
        affiliation,
        reset: await createReset(tx, ctx, id, WELCOME_HOURS),
      };
      await record(tx, ctx, { verb: 'people.added', objectKind: 'person', objectId: id, ids });
    }
    return { id: personId };
  });
}

/**
 * Gives somebody whom the organisation knows another affiliation with it: 兼務, or a transfer that begins later.
 * Needs `manage` on it. Errors as `addPerson`; NotFound for people the organisation does not know.
 */
export async function addAffiliation(ctx: Ctx, input: AddAffiliationInput): Promise<{ id: string }> {
  const { organisationId, personId, ...place } = parse(AddAffiliationInput, input);
  return ctx.sql.begin(async (tx) => {
    const access = await requireOrganisation(inside(ctx, tx), organisationId);
    if (!(await db.isKnownTo(tx, personId, organisationId))) throw new NotFound();
    return { id: await affiliate(tx, ctx, access, personId, place) };
  });
}

async function affiliate(tx: Tx, ctx: Ctx, access: Access, personId: string, place: Place): Promise<string> {
  const organisationId = access.objectId;
  const { groupId = null, post = '', from, until, administrator = false } = place;
  if (groupId && !(await db.isLiveGroupOf(tx, groupId, organisationId))) throw new NotFound();
  const startsAt = from ? await startOfDay(tx, organisationId, from) : null;
  const endsAt = until ? await endOfDay(tx, organisationId, until) : null;
  if (endsAt && endsAt <= (startsAt ?? new Date())) {
    throw new Invalid('until.before_from', 'It ends before it begins', { field: 'until' });
  }
  const id = newId();
  await insertAffiliation(tx, { id, personId, organisationId, groupId, post, startsAt, endsAt });
  if (administrator && !(await db.isAdministrator(tx, organisationId, personId, MANAGE))) {
    const principal = { kind: 'person' as const, id: personId };
    await writeGrant(tx, ctx, access, {
      principal,
      mask: ROLES.manager,
      notBefore: startsAt,
      expiresAt: endsAt,
    });
  }
  const ids = { person: personId, affiliation: id };
  await record(tx, ctx, {
    verb: 'people.affiliated',
    objectKind: 'organisation',
    objectId: organisationId,
    ids,
  });
  await bumpEpochsOf(tx, personId);
  return id;
}

/**
 * Ends an affiliation: at once, or at the end of a day. What the person was given as staff of the organisation ends
 * with their last affiliation there; everything they hold ends with their last affiliation anywhere. Needs `manage`
 * on the organisation. Errors: Conflict `admin.last_administrator`, `affiliation.ended`; Invalid `until.past`.
 */
export async function endAffiliation(ctx: Ctx, input: EndAffiliationInput): Promise<void> {
  const { affiliationId, until } = parse(EndAffiliationInput, input);
  await ctx.sql.begin(async (tx) => {
    const head = await db.lockAffiliation(tx, affiliationId);
    if (!head) throw new NotFound();
    const { personId, organisationId } = head;
    await requireOrganisation(inside(ctx, tx), organisationId);
    const now = new Date();
    if (head.endsAt && head.endsAt <= now) throw new Conflict('affiliation.ended', 'It has ended already');
    const at = until ? await endOfDay(tx, organisationId, until) : now;
    if (at < now) throw new Invalid('until.past', 'This day is over', { field: 'until' });
    // Before as well as after: what the affiliation gave must be decided anew, too.
    await bumpEpochsOf(tx, personId);
    await db.setEnd(tx, head.id, at);
    await endWhatItGave(tx, ctx, { personId, organisationId, at });
    const ids = { person: personId, affiliation: head.id };
    await record(tx, ctx, {
      verb: 'people.affiliation_ended',
      objectKind: 'organisation',
      objectId: organisationId,
      ids,
      data: { at: at.toISOString() },
    });
  });
}

async function endWhatItGave(
  tx: Tx,
  ctx: Ctx,
  { personId, organisationId, at }: { personId: string; organisationId: string; at: Date },
): Promise<void> {
  const left = await db.standingAfter(tx, personId, at);
  if (left.includes(organisationId)) return;
  await requireAnotherAdministrator(tx, organisationId, personId);
  const hostId = left.length > 0 ? organisationId : null;
  await db.endGrantsOf(tx, { personId, hostId, at, by: personOf(ctx) });
}

/** An organisation never loses its last administrator: nobody could add anyone again. */
export async function requireAnotherAdministrator(
  tx: Tx,
  organisationId: string,
  personId: string,
): Promise<void> {
  if (!(await db.isAdministrator(tx, organisationId, personId, MANAGE))) return;
  if ((await db.otherAdministrators(tx, organisationId, personId, MANAGE)) === 0) {
    throw new Conflict('admin.last_administrator', 'Make somebody else an administrator first');
  }
}
