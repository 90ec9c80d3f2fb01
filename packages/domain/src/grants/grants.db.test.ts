import { ROLES } from '@engawa/access';
import { Conflict, Forbidden, newId, NotFound, Unauthenticated } from '@engawa/schema';
import { describe, expect, test } from 'vitest';
import { createCtx } from '../ctx.ts';
import { buildWorld, createTestPerson } from '../testing/index.ts';
import {
  accessOf,
  accessOfMany,
  audience,
  block,
  changeGrant,
  epochsOf,
  grant,
  grantsOn,
  reachOf,
  requireAccess,
  revokeGrant,
  unblock,
  visibleTo,
} from './index.ts';

const world = await buildWorld();
const { officer, clerk, stranger, administrator, space, sql } = world;
const person = (id: string) => ({ kind: 'person' as const, id });

async function titlesSeenBy(ctx: typeof officer.ctx): Promise<string[]> {
  const rows = await sql<
    { id: string }[]
  >`select i.id from items i where ${visibleTo(sql, await reachOf(ctx, 'view'))} order by i.id`;
  return rows.map((row) => row.id);
}

describe('requireAccess', () => {
  test('what may not be discovered reads as what does not exist', async () => {
    const doc = await world.item();
    const refusal = (id: string) => requireAccess(stranger.ctx, 'view', id).catch((error: unknown) => error);
    expect(await refusal(doc)).toBeInstanceOf(NotFound);
    expect(await refusal(newId())).toEqual(await refusal(doc));
    await expect(requireAccess(officer.ctx, 'view', 'not an id')).rejects.toBeInstanceOf(NotFound);
    await expect(
      requireAccess(createCtx({ kind: 'anonymous' }, world.services), 'view', doc),
    ).rejects.toBeInstanceOf(Unauthenticated);
  });

  test('nothing is decided for a session that has ended since it was told who asks', async () => {
    const doc = await world.item();
    const here = await createTestPerson(world.services, { name: '席', organisation: world.town });
    await world.give(here.id, doc, 'viewer');
    const { caller } = here.ctx;
    const at = caller.kind === 'session' ? caller.sessionId : '';
    const other = { ...here.ctx, caller: { ...officer.ctx.caller, personId: here.id } };
    expect((await accessOf(here.ctx, doc))?.mask).toBe(ROLES.viewer);
    // The session of somebody else is none of theirs.
    await expect(requireAccess(other, 'view', doc)).rejects.toBeInstanceOf(Unauthenticated);
    await sql`update sessions set expires_at = now() where id = ${at}`;
    await expect(accessOf(here.ctx, doc)).rejects.toBeInstanceOf(Unauthenticated);
    await sql`delete from sessions where id = ${at}`;
    await expect(requireAccess(here.ctx, 'view', doc)).rejects.toBeInstanceOf(Unauthenticated);
    await expect(reachOf(here.ctx, 'view')).rejects.toBeInstanceOf(Unauthenticated);
    // A job on their behalf needs none.
    const job = createCtx({ kind: 'job', personId: here.id, job: 'test' }, world.services);
    expect((await accessOf(job, doc))?.mask).toBe(ROLES.viewer);
  });

  test('a grant on a folder reaches below it, and not past a limited one', async () => {
    const folder = await world.item({ kind: 'folder' });
    const limited = await world.item({ kind: 'folder', parent: folder });
    const inner = await world.item({ parent: folder });
    await sql`update items set limited = true, access_path = array[id] where id = ${limited}`;
    const secret = await world.item({ parent: limited });
    await world.give(clerk.id, folder, 'viewer');
    expect((await accessOf(clerk.ctx, inner))?.mask).toBe(ROLES.viewer);
    expect(await accessOf(clerk.ctx, secret)).toBeNull();
    expect(await accessOf(officer.ctx, secret)).toBeNull();
    const seen = await titlesSeenBy(clerk.ctx);
    expect(seen).toContain(inner);
    expect(seen).not.toContain(secret);
  });

  test('somebody invited to one document knows the name of its space, and nothing else of it', async () => {
    const guest = await createTestPerson(world.services, { name: '客', organisation: world.town });
    const doc = await world.item();
    await world.give(guest.id, doc, 'commenter');
    const access = await accessOf(guest.ctx, space);
    expect(access?.can).toMatchObject({ discover: true, view: false });
    expect(access?.kind).toBe('guest');
    await expect(requireAccess(guest.ctx, 'view', space)).rejects.toBeInstanceOf(Forbidden);
  });

  test('an ended grant, a suspended person and an ended affiliation hold nothing', async () => {
    const doc = await world.item();
    const id = await world.give(clerk.id, doc, 'editor', new Date(Date.now() + 60_000));
    expect((await accessOf(clerk.ctx, doc))?.until).toBeInstanceOf(Date);
    await sql`update grants set expires_at = now() where id = ${id}`;
    expect(await accessOf(clerk.ctx, doc)).toBeNull();
    expect(await accessOf(administrator.ctx, doc)).not.toBeNull();
    await sql`update people set suspended_at = now() where id = ${administrator.id}`;
    expect(await accessOf(administrator.ctx, doc)).toBeNull();
    await sql`update people set suspended_at = null where id = ${administrator.id}`;
  });

  test('a guest stays under the ceiling of the space; the trash is not there', async () => {
    const doc = await world.item();
    await world.give(clerk.id, doc, 'manager');
    expect((await accessOf(clerk.ctx, doc))?.can).toMatchObject({ share: true, manage: false });
    await sql`update items set trash_root = id, trashed_at = now() where id = ${doc}`;
    expect(await accessOf(clerk.ctx, doc)).toBeNull();
    expect((await accessOf(clerk.ctx, doc, { trashed: true }))?.trashed).toBe(true);
  });

  test('a grant with a condition that no rule reads gives nothing', async () => {
    const doc = await world.item();
    const id = await world.give(stranger.id, doc, 'viewer');
    await sql`update grants set conditions = '{"terms": true}' where id = ${id}`;
    expect(await accessOf(stranger.ctx, doc)).toBeNull();
  });
});

describe('granting', () => {
  test('nobody gives more than they hold, strangers find nothing', async () => {
    const doc = await world.item();
    await world.give(clerk.id, doc, 'manager');
    const input = { objectId: doc, principal: person(stranger.id), role: 'manager' };
    await expect(grant(clerk.ctx, input)).rejects.toMatchObject({ code: 'grants.more_than_held' });
    await expect(grant(stranger.ctx, input)).rejects.toBeInstanceOf(NotFound);
    await expect(grantsOn(stranger.ctx, doc)).rejects.toBeInstanceOf(NotFound);
    await expect(audience(stranger.ctx, doc)).rejects.toBeInstanceOf(NotFound);
    await expect(grant(officer.ctx, { ...input, role: 'owner' })).rejects.toMatchObject({
      code: 'role.unknown',
    });
    await expect(grant(officer.ctx, { ...input, principal: person(newId()) })).rejects.toMatchObject({
      code: 'grants.no_principal',
    });
    await expect(grant(officer.ctx, { ...input, role: 'viewer', until: new Date(0) })).rejects.toMatchObject({
      code: 'until.past',
    });
  });

  test("a guest's grant ends after 90 days unless somebody says when; staff's does not", async () => {
    const doc = await world.item();
    const guest = await grant(officer.ctx, { objectId: doc, principal: person(clerk.id), role: 'editor' });
    expect(Math.round((guest.until!.getTime() - Date.now()) / 86_400_000)).toBe(90);
    const staff = await grant(officer.ctx, {
      objectId: doc,
      principal: person(administrator.id),
      role: 'editor',
    });
    expect(staff.until).toBeNull();
    const views = await grantsOn(officer.ctx, doc);
    expect(views.find((view) => view.id === guest.id)).toMatchObject({
      role: 'editor',
      guest: true,
      inheritedFrom: null,
    });
    expect(views.some((view) => view.inheritedFrom?.id === space)).toBe(true);
    expect(await audience(officer.ctx, doc)).toMatchObject({
      guests: 1,
      guestOrganisations: ['益子町'],
      everyone: 'nobody',
    });
  });

  test('taking back and changing bump the epoch, and only those who may share do it', async () => {
    const doc = await world.item();
    const { id } = await grant(officer.ctx, { objectId: doc, principal: person(clerk.id), role: 'editor' });
    const before = (await epochsOf(sql, [space])).get(space)!;
    await expect(revokeGrant(stranger.ctx, { grantId: id })).rejects.toBeInstanceOf(NotFound);
    await expect(changeGrant(clerk.ctx, { grantId: id, role: 'manager' })).rejects.toBeInstanceOf(Forbidden);
    await changeGrant(officer.ctx, { grantId: id, role: 'commenter' });
    expect((await accessOf(clerk.ctx, doc))?.can.edit).toBe(false);
    await revokeGrant(officer.ctx, { grantId: id });
    expect(await accessOf(clerk.ctx, doc)).toBeNull();
    expect((await epochsOf(sql, [space])).get(space)).toBe(before + 2);
    await expect(revokeGrant(officer.ctx, { grantId: id })).rejects.toBeInstanceOf(NotFound);
  });

  test('a space keeps its last manager', async () => {
    const [own] = await sql<{ id: string }[]>`
      select id from grants where object_id = ${space} and principal_id = ${officer.id}`;
    await expect(revokeGrant(officer.ctx, { grantId: own!.id })).rejects.toBeInstanceOf(Conflict);
    await expect(changeGrant(officer.ctx, { grantId: own!.id, role: 'viewer' })).rejects.toMatchObject({
      code: 'grants.last_manager',
    });
  });
});

test('a block always wins, and only managers set or lift it', async () => {
  const doc = await world.item();
  await world.give(clerk.id, doc, 'viewer');
  const input = { spaceId: space, personId: clerk.id, reason: '契約終了' };
  await expect(block(clerk.ctx, input)).rejects.toBeInstanceOf(Forbidden);
  await expect(block(stranger.ctx, input)).rejects.toBeInstanceOf(NotFound);
  await block(officer.ctx, input);
  expect((await accessOfMany(clerk.ctx, [doc, space])).size).toBe(0);
  expect(await titlesSeenBy(clerk.ctx)).toEqual([]);
  await expect(unblock(stranger.ctx, input)).rejects.toBeInstanceOf(NotFound);
  await unblock(officer.ctx, input);
  expect(await accessOf(clerk.ctx, doc)).not.toBeNull();
});
