import {
  abilities,
  answer,
  bit,
  can,
  ceiling,
  covers,
  decide,
  isLive,
  maskOf,
  type Principal,
  type SpaceFact,
} from '@engawa/access';
import type { Db } from '@engawa/db';
import {
  Forbidden,
  isId,
  NotFound,
  Unauthenticated,
  type Abilities,
  type CallerKind,
  type Capability,
} from '@engawa/schema';
import type { Ctx } from '../ctx.ts';
import {
  objectFacts,
  spacesTouched,
  standingFacts,
  type ObjectFacts,
  type PlacedGrant,
  type StandingFacts,
} from './grants.sql.ts';

/** What a caller may do on one object right now: good for as long as the space's `epoch` stands. */
export interface Access extends Omit<ObjectFacts, 'ceilings' | 'archived' | 'trashRoot'> {
  mask: number;
  can: Abilities;
  /** Who the caller is towards the space (towards the organisation, for one). */
  kind: CallerKind;
  /** When the earliest grant or affiliation that this rests on ends; decide again then. */
  until: Date | null;
  /** The live grants that this rests on. */
  holds: { mask: number; until: Date | null }[];
  trashed: boolean;
}

export interface AccessOptions {
  /** Doors of the trash (restore, purge, list) see what lies in it; all others do not. */
  trashed?: boolean;
}

/** The caller's standing, loaded once and asked about many objects. */
interface Standing extends StandingFacts {
  personId: string;
  principals: Principal[];
}

/** Null for nobody. Throws Unauthenticated when the session has ended since the request began. */
async function standingOf({ sql, caller }: Ctx): Promise<Standing | null> {
  if (caller.kind === 'anonymous') return null;
  const { personId } = caller;
  const asked = caller.kind === 'session' ? [personId, caller.sessionId] : [personId];
  const facts = (await standingFacts(sql, asked)).get(personId);
  if (!facts) return null;
  if (caller.kind === 'session' && !facts.person.sessions.includes(caller.sessionId))
    throw new Unauthenticated();
  const { organisations, groups } = facts.person;
  const principals: Principal[] = [
    { kind: 'person', id: personId },
    ...organisations.map((id) => ({ kind: 'organisation' as const, id })),
    ...groups.map((id) => ({ kind: 'group' as const, id })),
    { kind: 'authenticated', id: null },
    { kind: 'public', id: null },
  ];
  return { personId, principals, ...facts };
}

/**
 * The one decision point. Answers for each object that exists what the caller holds there (mask 0 included),
 * or an empty map when the caller is nobody. Callers other than doors want `accessOf` or `requireAccess`.
 */
async function decideAll(ctx: Ctx, ids: string[]): Promise<Map<string, Access>> {
  if (ctx.caller.kind === 'anonymous') return new Map();
  const known = ids.filter(isId);
  // With the epoch, so before everything else: a change that comes between is then decided about again.
  const facts = known.length > 0 ? await objectFacts(ctx.sql, known) : null;
  const standing = await standingOf(ctx);
  if (!standing) return new Map();
  const now = new Date();
  const asked = known.flatMap((id) => facts?.get(id.toLowerCase()) ?? []);
  return new Map(asked.map((object) => [object.objectId, accessTo(object, standing, now)]));
}

function accessTo(object: ObjectFacts, standing: Standing, now: Date): Access {
  const { person, principals, grants } = standing;
  const kind: CallerKind = person.organisations.includes(object.hostId) ? 'staff' : 'guest';
  const { ceilings, archived, trashRoot, ...rest } = object;
  const space: SpaceFact | null = object.spaceId
    ? { ceilings, archived, blocked: person.blocked.includes(object.spaceId) }
    : null;
  const holds = grants
    .filter((g) => isLive(g, now) && object.accessPath.includes(g.objectId))
    .map((g) => ({ mask: g.mask, until: g.expiresAt }));
  let mask = decide({ principals, kind, accessPath: object.accessPath, grants, space, now });
  if (
    object.objectKind === 'space' &&
    space &&
    !space.blocked &&
    seesSomethingIn(object.objectId, grants, now)
  ) {
    mask |= bit('discover');
  }
  return {
    ...rest,
    mask,
    can: abilities(mask),
    kind,
    until: earliest([...holds.map((held) => held.until), person.until]),
    holds,
    trashed: trashRoot !== null,
  };
}

/** Who was invited to one folder may know the name of the space it lies in, and nothing more of it. */
function seesSomethingIn(spaceId: string, grants: PlacedGrant[], now: Date): boolean {
  return grants.some((g) => g.spaceId === spaceId && isLive(g, now) && (g.mask & maskOf('discover')) !== 0);
}

function earliest(ends: (Date | null)[]): Date | null {
  const times = ends.flatMap((end) => end?.getTime() ?? []);
  return times.length > 0 ? new Date(Math.min(...times)) : null;
}

/** Until when the caller holds all of `mask` on the object, which they do now; null when that has no end. */
export function heldUntil({ holds }: Pick<Access, 'holds'>, mask: number): Date | null {
  const time = (until: Date | null) => until?.getTime() ?? Infinity;
  let held = 0;
  for (const grant of holds.toSorted((a, b) => time(b.until) - time(a.until))) {
    held |= grant.mask;
    if (covers(held, mask)) return grant.until;
  }
  return null;
}

/** What the caller may do on each of the objects that they may know of; the others are absent. */
export async function accessOfMany(
  ctx: Ctx,
  ids: string[],
  options: AccessOptions = {},
): Promise<Map<string, Access>> {
  const all = await decideAll(ctx, ids);
  for (const [id, access] of all) {
    if (!can(access.mask, 'discover') || (access.trashed && !options.trashed)) all.delete(id);
  }
  return all;
}

/** What the caller may do on the object, or null when they may not know of it. */
export async function accessOf(ctx: Ctx, id: string, options: AccessOptions = {}): Promise<Access | null> {
  return (await accessOfMany(ctx, [id], options)).get(id.toLowerCase()) ?? null;
}

/**
 * The first line of every verb. Throws Unauthenticated for nobody and for an ended session, NotFound for what does not
 * exist or may not be discovered (the same error, the same work), Forbidden for what may be seen but not done.
 */
export async function requireAccess(
  ctx: Ctx,
  capability: Capability,
  objectId: string,
  options: AccessOptions = {},
): Promise<Access> {
  if (ctx.caller.kind === 'anonymous') throw new Unauthenticated();
  const access = (await decideAll(ctx, [objectId])).get(String(objectId).toLowerCase());
  if (!access || (access.trashed && !options.trashed)) throw new NotFound();
  const verdict = answer(access.mask, capability);
  if (verdict === 'not_found') throw new NotFound();
  if (verdict === 'forbidden') throw new Forbidden('forbidden', `Needs ${capability}`, { capability });
  return access;
}

/** What lists are filtered by: items of these spaces whose access path touches one of these objects. */
export interface Reach {
  spaceIds: string[];
  objectIds: string[];
}

/** Where the caller holds the capability: resolved first, so that lists never filter after the fact. */
export async function reachOf(ctx: Ctx, capability: Capability): Promise<Reach> {
  const standing = await standingOf(ctx);
  if (!standing) return { spaceIds: [], objectIds: [] };
  const now = new Date();
  const wanted = bit(capability);
  const grants = standing.grants.filter((g) => isLive(g, now) && (g.mask & wanted) !== 0);
  const objectIds = [...new Set(grants.map((g) => g.objectId))];
  const inSpaces = [...new Set(grants.flatMap((g) => (g.spaceId ? [g.spaceId] : [])))];
  const spaces = await spacesTouched(ctx.sql, inSpaces, objectIds);
  const open = spaces.filter((space) => {
    const kind: CallerKind = standing.person.organisations.includes(space.organisationId) ? 'staff' : 'guest';
    return !standing.person.blocked.includes(space.id) && (ceiling(space, kind) & wanted) !== 0;
  });
  return { spaceIds: open.map((space) => space.id), objectIds };
}

/**
 * The fragment of every list over `items i`, joined to the query itself, so that counts and pages are right:
 * `const reach = await reachOf(ctx, 'view')`, then `select … from items i where ${visibleTo(sql, reach)}`.
 * (Two steps, because a postgres.js fragment that is awaited runs as a query.) `trashed: true` leaves the trash in.
 */
export function visibleTo(sql: Db, { spaceIds, objectIds }: Reach, options: AccessOptions = {}) {
  return sql`(i.access_path && ${objectIds}::uuid[] and i.space_id = any(${spaceIds}::uuid[])
    ${options.trashed ? sql`` : sql`and i.trash_root is null`})`;
}
