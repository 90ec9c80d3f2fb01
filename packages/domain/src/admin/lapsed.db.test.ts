import { beforeEach, expect, test } from 'vitest';
import { createSpace } from '../spaces/index.ts';
import { accessOf, grant } from '../grants/index.ts';
import { buildWorld, createTestPerson, type TestPerson, type World } from '../testing/index.ts';
import { addAffiliation, addPerson } from './index.ts';

// Affiliations also begin and end by the clock, without a verb.

let world: World;
let staff: TestPerson;
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const leaves = async (when: string) => {
  await world.sql`update grants set created_at = created_at - interval '2 days'`;
  await world.sql`update affiliations set ends_at = now() + ${when}::interval where person_id = ${staff.id}`;
};

beforeEach(async () => {
  world = await buildWorld();
  staff = await createTestPerson(world.services, { name: '職員', organisation: world.prefecture });
});

test('what somebody was given as staff ends with their affiliation, whatever ends it', async () => {
  await grant(world.officer.ctx, {
    objectId: world.space,
    principal: { kind: 'person', id: staff.id },
    role: 'editor',
  });
  const own = await createSpace(staff.ctx, { name: '自分のスペース' });
  await leaves('1 day');
  expect((await accessOf(staff.ctx, world.space))?.until).toBeInstanceOf(Date);
  await leaves('-1 second');
  expect(await accessOf(staff.ctx, world.space)).toBeNull();
  expect(await accessOf(staff.ctx, own.id)).toBeNull();
});

test('who comes back as a guest holds what they are given then', async () => {
  const input = {
    objectId: world.space,
    principal: { kind: 'person' as const, id: staff.id },
    role: 'viewer' as const,
  };
  await grant(world.officer.ctx, input);
  await leaves('-1 second');
  expect(await accessOf(staff.ctx, world.space)).toBeNull();
  await grant(world.officer.ctx, input);
  expect((await accessOf(staff.ctx, world.space))?.can.view).toBe(true);
});

test('an administrator from April is none before', async () => {
  const { id } = await addPerson(world.administrator.ctx, {
    organisationId: world.prefecture,
    name: '次年度 係長',
    kana: '',
    email: 'april@example.jp',
    from: day(30),
    administrator: true,
  });
  const ctx = { ...staff.ctx, caller: { kind: 'job' as const, personId: id, job: 'test' } };
  expect(await accessOf(ctx, world.prefecture)).toBeNull();
  await world.sql`update affiliations set starts_at = now() where person_id = ${id}`;
  await world.sql`update grants set not_before = now() where principal_id = ${id}`;
  expect((await accessOf(ctx, world.prefecture))?.can.manage).toBe(true);
});

test('days that no calendar of the database knows are refused in words', async () => {
  const input = { organisationId: world.prefecture, personId: staff.id };
  for (const from of ['0000-01-01', new Date(8.64e15), new Date(-8.64e15)]) {
    await expect(addAffiliation(world.administrator.ctx, { ...input, from })).rejects.toMatchObject({
      code: 'day.invalid',
    });
  }
});
