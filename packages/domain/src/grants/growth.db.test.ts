import { ROLES } from '@engawa/access';
import { Conflict, Forbidden } from '@engawa/schema';
import { beforeEach, describe, expect, test } from 'vitest';
import { buildWorld, createTestPerson, type TestPerson, type World } from '../testing/index.ts';
import { accessOf, block, changeGrant, epochsOf, grant, grantsOn, revokeGrant } from './index.ts';

// Nobody gets more, or longer, by the verbs that give: each test here once succeeded as an attack.

let world: World;
let guest: TestPerson;
const person = (id: string) => ({ kind: 'person' as const, id });
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

beforeEach(async () => {
  world = await buildWorld();
  guest = await createTestPerson(world.services, { name: '客', organisation: world.town });
});

describe('giving somebody a role that they are to have instead of another', () => {
  test('by a guest who may share takes nothing from a manager', async () => {
    await world.give(guest.id, world.space, 'manager', inDays(10));
    const input = { objectId: world.space, principal: person(world.officer.id), role: 'viewer' as const };
    await expect(grant(guest.ctx, input)).rejects.toBeInstanceOf(Forbidden);
    expect((await accessOf(world.officer.ctx, world.space))?.mask).toBe(ROLES.manager);
  });

  test('leaves a space its last manager', async () => {
    const input = { objectId: world.space, principal: person(world.officer.id), role: 'viewer' as const };
    await expect(grant(world.officer.ctx, input)).rejects.toMatchObject({ code: 'grants.last_manager' });
    const ends = { ...input, role: 'manager' as const, until: inDays(3) };
    await expect(grant(world.officer.ctx, ends)).rejects.toMatchObject({ code: 'grants.last_manager' });
  });
});

describe('nobody gives longer than they hold', () => {
  test('a guest stays for no longer by giving it to themself below', async () => {
    await world.give(guest.id, world.space, 'manager', inDays(10));
    const doc = await world.item();
    const own = { objectId: doc, principal: person(guest.id), role: 'editor' as const };
    const refusal = grant(guest.ctx, { ...own, until: inDays(365) });
    await expect(refusal).rejects.toMatchObject({ code: 'until.beyond_own' });
    const { id, until } = await grant(guest.ctx, own);
    expect(until!.getTime()).toBeLessThanOrEqual(inDays(10).getTime());
    const longer = changeGrant(guest.ctx, { grantId: id, until: inDays(30) });
    await expect(longer).rejects.toMatchObject({ code: 'until.beyond_own' });
    await changeGrant(guest.ctx, { grantId: id, until: null });
    const [row] = (await grantsOn(world.officer.ctx, doc)).filter((view) => view.id === id);
    expect(row!.until!.getTime()).toBeLessThanOrEqual(inDays(10).getTime());
  });

  test('an administrator who broke in for a day does not make it longer; others they may let in for good', async () => {
    const folder = await world.item({ kind: 'folder' });
    const day = inDays(1);
    await world.give(world.administrator.id, folder, 'manager', day);
    await world.sql`update items set limited = true, access_path = array[id] where id = ${folder}`;
    const self = { objectId: folder, principal: person(world.administrator.id), role: 'manager' as const };
    expect((await grant(world.administrator.ctx, self)).until).toEqual(day);
    const other = { ...self, principal: person(world.officer.id) };
    expect((await grant(world.administrator.ctx, other)).until).toBeNull();
    // A grant that ends beside one that does not costs nothing.
    await world.give(world.officer.id, world.prefecture, 'viewer', day);
    const doc = await world.item();
    const own = { objectId: doc, principal: person(world.officer.id), role: 'manager' as const };
    expect((await grant(world.officer.ctx, own)).until).toBeNull();
  });
});

describe('the last manager', () => {
  test('is not one who is suspended, kept out, or an organisation without people', async () => {
    const [mine] = (await grantsOn(world.officer.ctx, world.space)).filter(
      (view) => view.principal.id === world.officer.id,
    );
    const last = () => revokeGrant(world.officer.ctx, { grantId: mine!.id });
    const staff = await createTestPerson(world.services, { name: '職員', organisation: world.prefecture });
    await world.give(staff.id, world.space, 'manager');
    await world.sql`update people set suspended_at = now() where id = ${staff.id}`;
    await expect(last()).rejects.toBeInstanceOf(Conflict);
    await world.sql`update people set suspended_at = null where id = ${staff.id}`;
    await block(world.officer.ctx, { spaceId: world.space, personId: staff.id, reason: '試し' });
    await expect(last()).rejects.toBeInstanceOf(Conflict);
  });

  test('is not kept out of the space', async () => {
    const self = { spaceId: world.space, personId: world.officer.id, reason: 'さようなら' };
    await expect(block(world.officer.ctx, self)).rejects.toMatchObject({ code: 'grants.last_manager' });
  });
});

test('a grant on an organisation, given or taken back, is decided about in all its spaces', async () => {
  const epoch = async () => (await epochsOf(world.sql, [world.space])).get(world.space)!;
  const before = await epoch();
  const { id } = await grant(world.administrator.ctx, {
    objectId: world.prefecture,
    principal: person(guest.id),
    role: 'viewer',
  });
  expect(await epoch()).toBe(before + 1);
  await revokeGrant(world.administrator.ctx, { grantId: id });
  expect(await epoch()).toBe(before + 2);
});

test('a reason with a character that no text may hold is no accident', async () => {
  const input = { spaceId: world.space, personId: guest.id, reason: 'a\u0000b' };
  await block(world.officer.ctx, input);
  expect((await world.sql`select reason from blocks where person_id = ${guest.id}`)[0]!.reason).toBe('a b');
});
