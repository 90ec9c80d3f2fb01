import { Conflict, Forbidden, NotFound, parse, RestorePersonInput, SuspendPersonInput } from '@engawa/schema';
import { type Ctx, inside, personOf } from '../ctx.ts';
import { accessOfMany, bumpEpochsOf } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import { deleteSessions } from '../people/index.ts';
import * as db from './admin.sql.ts';
import { requireAnotherAdministrator } from './affiliations.ts';
import { requireOrganisation } from './organisations.ts';

/**
 * Suspends a person of the organisation: their sessions end, and they hold nothing anywhere until restored. Needs
 * `manage` on every organisation that they stand in. Errors: Conflict `admin.yourself`, `admin.last_administrator`;
 * Forbidden `admin.elsewhere_too`.
 */
export async function suspendPerson(ctx: Ctx, input: SuspendPersonInput): Promise<void> {
  const { organisationId, personId, reason } = parse(SuspendPersonInput, input);
  await ctx.sql.begin(async (tx) => {
    await requirePerson(inside(ctx, tx), organisationId, personId);
    if (personId === personOf(ctx)) throw new Conflict('admin.yourself', 'Nobody suspends themself');
    await requireAnotherAdministrator(tx, organisationId, personId);
    if (!(await db.setSuspended(tx, personId, personOf(ctx), reason))) return;
    await deleteSessions(tx, personId);
    await bumpEpochsOf(tx, personId);
    const ids = { organisation: organisationId };
    await record(tx, ctx, { verb: 'people.suspended', objectKind: 'person', objectId: personId, ids });
  });
}

/** Ends a suspension; the person signs in again, with what is granted to them. Needs what suspending needs. */
export async function restorePerson(ctx: Ctx, input: RestorePersonInput): Promise<void> {
  const { organisationId, personId } = parse(RestorePersonInput, input);
  await ctx.sql.begin(async (tx) => {
    await requirePerson(inside(ctx, tx), organisationId, personId);
    if (!(await db.unsetSuspended(tx, personId))) return;
    await bumpEpochsOf(tx, personId);
    const ids = { organisation: organisationId };
    await record(tx, ctx, { verb: 'people.restored', objectKind: 'person', objectId: personId, ids });
  });
}

/** A suspension reaches everywhere, so whoever sets it answers for every place the person stands in. */
async function requirePerson(ctx: Ctx, organisationId: string, personId: string): Promise<void> {
  await requireOrganisation(ctx, organisationId);
  if (!(await db.isKnownTo(ctx.sql, personId, organisationId))) throw new NotFound();
  const standing = await db.standingAfter(ctx.sql, personId, new Date());
  const access = await accessOfMany(ctx, standing);
  if (standing.some((id) => !access.get(id)?.can.manage)) {
    throw new Forbidden('admin.elsewhere_too', 'They stand in another organisation, too');
  }
}
