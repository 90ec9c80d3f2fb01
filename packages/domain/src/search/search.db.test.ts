import { newId, Unauthenticated } from '@engawa/schema';
import { expect, test } from 'vitest';
import { createCtx } from '../ctx.ts';
import { buildWorld, createTestPerson } from '../testing/index.ts';
import { findByName } from './index.ts';

const world = await buildWorld();
const { sql, services, officer, clerk, stranger, space } = world;
const named = async (who: typeof officer, text: string) =>
  (await findByName(who.ctx, { text })).map(({ name }) => name);

await sql`update organisations set kana = 'とちぎけん' where id = ${world.prefecture}`;
const folder = await world.item({ kind: 'folder', title: '庁内検討' });
const inner = await world.item({ title: 'データ整備方針', parent: folder });
await world.item({ title: 'ﾃﾞｰﾀの置き場 ＤＸ' });
await world.item({ title: '100%_完了' });

test('width, case and kana do not matter; every word must be there', async () => {
  expect(await named(officer, 'でーた')).toEqual(['データ共有円滑化', 'データ整備方針', 'ﾃﾞｰﾀの置き場 ＤＸ']);
  expect(await named(officer, 'dx　デー')).toEqual(['ﾃﾞｰﾀの置き場 ＤＸ']);
  expect(await named(officer, '方')).toEqual(['データ整備方針']);
  expect(await named(officer, 'ない')).toEqual([]);
  expect(await named(officer, '  ')).toEqual([]);
});

test('a space is found by the reading of its host, too', async () => {
  expect(await named(officer, 'トチギ')).toEqual(['データ共有円滑化']);
});

test('signs of patterns are letters like all others', async () => {
  expect(await named(officer, '0%_完')).toEqual(['100%_完了']);
  expect(await named(officer, '1%')).toEqual([]);
  expect(await named(officer, "'; drop")).toEqual([]);
  expect(await named(officer, '\\')).toEqual([]);
});

test('strangers find nothing, guests what they were given, nobody is turned away', async () => {
  expect(await named(stranger, 'データ')).toEqual([]);
  await world.give(clerk.id, inner, 'viewer');
  expect(await named(clerk, 'データ')).toEqual(['データ共有円滑化', 'データ整備方針']);
  expect(await named(clerk, '庁内')).toEqual([]);
  await sql`insert into blocks (space_id, person_id, reason, blocked_by)
    values (${space}, ${clerk.id}, 'x', ${officer.id})`;
  expect(await named(clerk, 'データ')).toEqual([]);
  const nobody = createCtx({ kind: 'anonymous' }, services);
  await expect(findByName(nobody, { text: 'データ' })).rejects.toBeInstanceOf(Unauthenticated);
});

test('people are found by name and reading, with or without the space between, in a space that one views', async () => {
  await sql`update people set kana = 'まちの さくら' where id = ${clerk.id}`;
  await sql`delete from blocks`;
  await world.give(clerk.id, space, 'viewer');
  const [found] = await findByName(officer.ctx, { text: 'マチノ' });
  expect(found).toEqual({
    id: clerk.id,
    kind: 'person',
    name: '町野 さくら',
    spaceId: space,
    where: '益子町',
  });
  for (const text of ['町野さくら', 'さくら 町野', 'まちのさく']) {
    expect(await named(officer, text)).toEqual(['町野 さくら']);
  }
  expect(await named(clerk, '県庁')).toEqual(['県庁 太郎']);
  expect(await named(stranger, '町野')).toEqual([]);
});

test('who sees one folder finds nobody; who was blocked, suspended or has left is not found', async () => {
  const guest = await createTestPerson(services, { name: '一部 だけ', organisation: world.town });
  const part = await world.item({ kind: 'folder', title: '一部の人の棚' });
  await world.give(guest.id, part, 'viewer');
  expect(await named(guest, '県庁')).toEqual([]);
  expect(await named(officer, '一部 だけ')).toEqual(['一部 だけ']);
  // Who holds only what is limited is known to those inside of it alone.
  await sql`update items set limited = true, access_path = array[id] where id = ${part}`;
  expect(await named(officer, '一部 だけ')).toEqual([]);
  await sql`insert into blocks (space_id, person_id, reason, blocked_by)
    values (${space}, ${clerk.id}, 'x', ${officer.id})`;
  expect(await named(officer, '町野')).toEqual([]);
  await sql`delete from blocks`;
  await sql`update people set suspended_at = now() where id = ${clerk.id}`;
  expect(await named(officer, '町野')).toEqual([]);
  await sql`update people set suspended_at = null where id = ${clerk.id}`;
  await sql`update grants set revoked_at = now() where principal_id = ${clerk.id}`;
  expect(await named(officer, '町野')).toEqual([]);
});

test('a person in several spaces is found once, in the one that is open', async () => {
  const other = newId();
  await sql`insert into spaces (id, organisation_id, name, created_by)
    values (${other}, ${world.prefecture}, 'あ', ${officer.id})`;
  const both = await createTestPerson(services, { name: '両方 にいる', organisation: world.town });
  await world.give(officer.id, other, 'manager');
  for (const id of [space, other]) await world.give(both.id, id, 'viewer');
  for (const id of [space, other]) {
    expect(await findByName(officer.ctx, { text: '両方', near: id })).toMatchObject([{ spaceId: id }]);
  }
});

test('what lies in the trash is not found', async () => {
  await sql`update items set trash_root = id, trashed_at = now() where id = ${inner}`;
  expect(await named(officer, '整備')).toEqual([]);
});

test('among many items the index answers', async () => {
  await sql`
    insert into items (id, space_id, kind, title, sort_key, access_path, created_by, updated_by)
    select gen_random_uuid(), ${space}, 'doc', '議事録 ' || n, 'b' || n, access_path, ${officer.id}, ${officer.id}
    from items, generate_series(1, 5000) n where id = ${folder}`;
  await sql`analyze items`;
  const plan = await sql`explain select from items where name_grams(fold_name(title)) @> array['置き']`;
  expect(JSON.stringify(plan)).toContain('items_by_name');
  const began = performance.now();
  expect(await named(officer, '議事録 4999')).toEqual(['議事録 4999']);
  expect(performance.now() - began).toBeLessThan(500);
});
