import { roleOf } from '@engawa/access';
import {
  type Candidate,
  CandidatesInput,
  FindInput,
  type Found,
  NotFound,
  type OrganisationMembers,
  parse,
  toHiragana,
} from '@engawa/schema';
import { type Ctx, personOf } from '../ctx.ts';
import { reachOf, requireAccess } from '../grants/index.ts';
import * as db from './members.sql.ts';
import { requireSpace } from './spaces.ts';

/**
 * Who is in the space, by organisation: the host first, then by ふりがな. People who hold only an item are listed
 * to those who see that item. Needs `view` on the space.
 */
export async function membersByOrganisation(ctx: Ctx, spaceId: string): Promise<OrganisationMembers[]> {
  const { objectId, hostId } = await requireSpace(ctx, 'view', spaceId);
  const [people, whole] = await Promise.all([
    db.memberRows(ctx.sql, objectId, hostId, await reachOf(ctx, 'view')),
    db.wholeRows(ctx.sql, objectId, hostId),
  ]);
  const byOrganisation = new Map<string, OrganisationMembers>();
  const entry = (organisation: OrganisationMembers['organisation']) => {
    const key = organisation?.id ?? '';
    const found = byOrganisation.get(key) ?? { organisation, whole: [], people: [] };
    byOrganisation.set(key, found);
    return found;
  };
  for (const { organisation, name, mask } of whole) {
    entry(organisation).whole.push({ name, role: roleOf(mask) });
  }
  for (const { organisation, mask, ...person } of people) {
    const kind = organisation?.host ? 'staff' : 'guest';
    const role = mask === null ? null : roleOf(mask);
    entry(organisation).people.push({ ...person, kind, role, partly: mask === null });
  }
  return [...byOrganisation.values()].sort(
    (a, b) => Number(b.organisation?.host ?? false) - Number(a.organisation?.host ?? false),
  );
}

/**
 * Whether those who view the space may know that the caller is there: who holds only what is limited (限定アクセス)
 * is known to those inside of it alone. For the live channel, which has decided about the caller.
 */
export async function isShownIn(ctx: Ctx, spaceId: string): Promise<boolean> {
  return db.reachesOpenItem(ctx.sql, spaceId, await reachOf(ctx, 'view'));
}

/** Until when the caller holds anything in the space; null when nothing of it ends. For the person themself. */
export async function guestUntil(ctx: Ctx, spaceId: string): Promise<Date | null> {
  return db.heldUntil(ctx.sql, spaceId, personOf(ctx));
}

/**
 * Whom one may give access: staff find everybody of the host and of the organisations that are in the space; a guest
 * finds the people who hold the object, and their own organisation. Twenty at most. Needs `share` on the object.
 */
export async function candidates(ctx: Ctx, input: CandidatesInput): Promise<Candidate[]> {
  const { objectId, query } = parse(CandidatesInput, input);
  const { spaceId, hostId, kind, accessPath } = await requireAccess(ctx, 'share', objectId);
  if (!spaceId) throw new NotFound();
  const organisations =
    kind === 'staff'
      ? [...new Set([hostId, ...(await db.organisationsIn(ctx.sql, spaceId))])]
      : await db.organisationsOf(ctx.sql, personOf(ctx));
  const text = query.normalize('NFKC').toLowerCase();
  // A guest of one item finds who holds that item, and not who else is in the space.
  const holding = kind === 'staff' ? { spaceId } : { objectIds: accessPath.filter((id) => id !== hostId) };
  const rows = await db.candidateRows(ctx.sql, holding, organisations, like(text), like(toHiragana(text)));
  const order = new Intl.Collator('ja');
  return rows
    .sort((a, b) => rank(a) - rank(b) || order.compare(a.kana || a.name, b.kana || b.name))
    .slice(0, 20);
}

/**
 * People whom the caller may know of, by name or ふりがな: those whom the pages of members of their spaces show.
 * Six at most, each with a space where they are; the one that is open (`near`), when they are in it. For the person themself.
 */
export async function findPeople(ctx: Ctx, input: FindInput): Promise<Found[]> {
  personOf(ctx);
  const { text, near } = parse(FindInput, input);
  return text === '' ? [] : db.peopleNamed(ctx.sql, text, await reachOf(ctx, 'view'), near ?? null);
}

function rank({ kind }: Candidate): number {
  return kind === 'person' ? 0 : kind === 'group' ? 1 : 2;
}

function like(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
