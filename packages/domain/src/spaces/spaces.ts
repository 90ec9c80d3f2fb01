import { ROLES } from '@engawa/access';
import {
  ArchiveSpaceInput,
  CreateSpaceInput,
  Forbidden,
  Invalid,
  newId,
  NotFound,
  parse,
  type SpaceRow,
  UpdateSpaceInput,
} from '@engawa/schema';
import { type Ctx, inside, personOf } from '../ctx.ts';
import { accessOfMany, bumpEpoch, reachOf, requireAccess, writeGrant } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import * as db from './spaces.sql.ts';

/** The spaces in which the caller may know of anything at all. For the person themself. */
export async function mySpaces(ctx: Ctx): Promise<SpaceRow[]> {
  personOf(ctx);
  const rows = await db.spacesWithin(ctx.sql, await reachOf(ctx, 'discover'));
  const ids = rows.map((row) => row.id);
  const access = await accessOfMany(ctx, ids);
  return rows.flatMap((row) => {
    const mine = access.get(row.id);
    return mine ? [{ ...row, kind: mine.kind, can: mine.can }] : [];
  });
}

/**
 * Makes a space; its maker becomes its manager. For people who work for a host organisation today; `organisationId`
 * is needed only by those who work for several. Errors: Forbidden `spaces.not_host_staff`, Invalid `spaces.which_host`.
 */
export async function createSpace(ctx: Ctx, input: CreateSpaceInput): Promise<SpaceRow> {
  const by = personOf(ctx);
  const { name, purpose, organisationId } = parse(CreateSpaceInput, input);
  const id = newId();
  return ctx.sql.begin(async (tx) => {
    const mine = inside(ctx, tx);
    const host = await hostFor(mine, by, organisationId ?? null);
    await db.insertSpace(tx, { id, organisationId: host, name, purpose, by });
    await record(tx, ctx, { verb: 'spaces.created', objectKind: 'space', objectId: id });
    const place = { objectId: id, objectKind: 'space' as const, spaceId: id, mask: ROLES.manager };
    await writeGrant(tx, ctx, place, {
      principal: { kind: 'person', id: by },
      mask: ROLES.manager,
      expiresAt: null,
    });
    return spaceRow(mine, id);
  });
}

async function hostFor(ctx: Ctx, personId: string, organisationId: string | null): Promise<string> {
  const hosts = await db.hostsOf(ctx.sql, personId);
  const [first] = hosts;
  if (!first) throw new Forbidden('spaces.not_host_staff', 'Only staff of a host organisation make spaces');
  if (organisationId) {
    if (!hosts.some((host) => host.id === organisationId)) throw new NotFound();
    return organisationId;
  }
  if (hosts.length > 1)
    throw new Invalid('spaces.which_host', 'Say which organisation', { field: 'organisationId' });
  return first.id;
}

/** Changes name and purpose, and whether the devices of guests may keep what they read. Needs `manage`. */
export async function updateSpace(ctx: Ctx, input: UpdateSpaceInput): Promise<SpaceRow> {
  const { spaceId, ...given } = parse(UpdateSpaceInput, input);
  return ctx.sql.begin(async (tx) => {
    const mine = inside(ctx, tx);
    await requireSpace(mine, 'manage', spaceId);
    await db.setSpace(tx, spaceId, given);
    await record(tx, ctx, { verb: 'spaces.changed', objectKind: 'space', objectId: spaceId });
    return spaceRow(mine, spaceId);
  });
}

/** Closes the space for writing; whoever could read still can. Needs `manage`. Archiving twice is fine. */
export async function archiveSpace(ctx: Ctx, input: ArchiveSpaceInput): Promise<SpaceRow> {
  return setArchived(ctx, input, true);
}

/** Takes the space out of the archive. Needs `manage`. */
export async function reopenSpace(ctx: Ctx, input: ArchiveSpaceInput): Promise<SpaceRow> {
  return setArchived(ctx, input, false);
}

async function setArchived(ctx: Ctx, input: ArchiveSpaceInput, archived: boolean): Promise<SpaceRow> {
  const { spaceId } = parse(ArchiveSpaceInput, input);
  return ctx.sql.begin(async (tx) => {
    const mine = inside(ctx, tx);
    await requireSpace(mine, 'manage', spaceId);
    if (await db.setArchived(tx, spaceId, archived)) {
      const verb = archived ? 'spaces.archived' : 'spaces.reopened';
      await record(tx, ctx, { verb, objectKind: 'space', objectId: spaceId });
      await bumpEpoch(tx, spaceId);
    }
    return spaceRow(mine, spaceId);
  });
}

/** As `requireAccess`, for what must be a space: the id of an item or organisation is not found. */
export async function requireSpace(ctx: Ctx, capability: 'discover' | 'view' | 'manage', id: string) {
  const access = await requireAccess(ctx, capability, id);
  if (access.objectKind !== 'space') throw new NotFound();
  return access;
}

/** The space as a row, for verbs that have asked for `discover`. */
export async function spaceRow(ctx: Ctx, id: string): Promise<SpaceRow> {
  const [row, access] = await Promise.all([
    db.spaceById(ctx.sql, id, await reachOf(ctx, 'discover')),
    accessOfMany(ctx, [id]),
  ]);
  const mine = access.get(id);
  if (!row || !mine) throw new NotFound();
  return { ...row, kind: mine.kind, can: mine.can };
}
