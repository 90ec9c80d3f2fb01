import { maskOf } from '@engawa/access';
import {
  CreateGroupInput,
  type GroupRow,
  newId,
  NotFound,
  type OrganisationPage,
  type OrganisationRow,
  parse,
} from '@engawa/schema';
import { type Ctx, inside } from '../ctx.ts';
import { type Access, requireAccess } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import { me } from '../people/index.ts';
import * as db from './admin.sql.ts';

/** What an administrator holds on the organisation. */
export const MANAGE = maskOf('manage');

/** Asks for `manage` on an organisation; the id of anything else is not found. */
export async function requireOrganisation(ctx: Ctx, id: string): Promise<Access> {
  const access = await requireAccess(ctx, 'manage', id);
  if (access.objectKind !== 'organisation') throw new NotFound();
  return access;
}

/**
 * The organisations the caller administers; all of them, for administrators of a host. For the person themself:
 * whoever administers none sees none.
 */
export async function organisations(ctx: Ctx): Promise<OrganisationRow[]> {
  const { administrates } = await me(ctx);
  const mine = await db.organisationRows(
    ctx.sql,
    administrates.map((row) => row.id),
  );
  return mine.some((row) => row.host) ? db.organisationRows(ctx.sql, 'all') : mine;
}

/** An organisation with its people and groups. Needs `manage` on it. */
export async function organisation(ctx: Ctx, id: string): Promise<OrganisationPage> {
  const { objectId } = await requireOrganisation(ctx, id);
  const [[row], people, affiliations, groups] = await Promise.all([
    db.organisationRows(ctx.sql, [objectId]),
    db.peopleOf(ctx.sql, objectId, MANAGE),
    db.affiliationsWith(ctx.sql, objectId),
    db.groupRows(ctx.sql, objectId),
  ]);
  const byPerson = Map.groupBy(affiliations, (affiliation) => affiliation.personId);
  return {
    organisation: row!,
    people: people.map((person) => ({ ...person, affiliations: byPerson.get(person.id) ?? [] })),
    groups,
  };
}

/** The groups (課・係) of an organisation. Needs `manage` on it. */
export async function groups(ctx: Ctx, organisationId: string): Promise<GroupRow[]> {
  const { objectId } = await requireOrganisation(ctx, organisationId);
  return db.groupRows(ctx.sql, objectId);
}

/** Makes a group. Needs `manage` on the organisation. */
export async function createGroup(ctx: Ctx, input: CreateGroupInput): Promise<{ id: string }> {
  const { organisationId, name, kana } = parse(CreateGroupInput, input);
  const id = newId();
  return ctx.sql.begin(async (tx) => {
    await requireOrganisation(inside(ctx, tx), organisationId);
    await db.insertGroup(tx, { id, organisationId, name, kana });
    const event = { objectKind: 'organisation' as const, objectId: organisationId, ids: { group: id } };
    await record(tx, ctx, { verb: 'admin.group_created', ...event });
    return { id };
  });
}

/**
 * The host organisation that the caller administers: what concerns the whole installation is theirs to see, and to
 * everybody else it does not exist. Throws NotFound.
 */
export async function requireHostAdministrator(ctx: Ctx): Promise<string> {
  const { administrates } = await me(ctx);
  const rows = await db.organisationRows(
    ctx.sql,
    administrates.map((row) => row.id),
  );
  const host = rows.find((row) => row.host);
  if (!host) throw new NotFound();
  return host.id;
}
