import { Forbidden, NotFound, Unauthenticated } from '@engawa/schema';
import { expect, test } from 'vitest';
import { buildWorld, createTestPerson, openStore, upload } from '../testing/index.ts';
import { createCtx } from '../ctx.ts';
import { handInPlace, handInPlaces } from './index.ts';

const world = await buildWorld();
openStore(world);
const { officer, space, services, town } = world;

test('who may only hand in learns what the place is called and what they put there, and nothing of others', async () => {
  const folder = await world.item({ kind: 'folder', title: '提出箱' });
  const place = { spaceId: space, parentId: folder };
  await upload(officer.ctx, place, '庁内.txt', 'other');
  const guest = await createTestPerson(services, { name: '提出 する人', organisation: town });
  const until = new Date(Date.now() + 86_400_000);
  await world.give(guest.id, folder, 'uploader', until);
  expect(await handInPlace(guest.ctx, { id: folder })).toMatchObject({
    folderId: folder,
    spaceId: space,
    name: '提出箱',
    host: { name: '栃木県' },
    until,
    can: { upload: true, discover: false },
    mine: [],
  });
  const mine = await upload(guest.ctx, place, '応募.txt', 'mine');
  expect((await handInPlace(guest.ctx, { id: folder })).mine).toMatchObject([
    { id: mine.id, name: '応募.txt', size: 4, sha256: mine.version.sha256 },
  ]);
});

test('a whole space may be such a place; a file is not, and who may not hand in is turned away', async () => {
  const guest = await createTestPerson(services, { name: '提出 する人', organisation: town });
  await expect(handInPlace(guest.ctx, { id: space })).rejects.toThrow(NotFound);
  await world.give(guest.id, space, 'uploader');
  expect(await handInPlace(guest.ctx, { id: space })).toMatchObject({ folderId: null, spaceId: space });
  const file = await upload(officer.ctx, { spaceId: space, parentId: null }, '一.txt', '1');
  await expect(handInPlace(officer.ctx, { id: file.id })).rejects.toThrow(NotFound);
  const viewer = await createTestPerson(services, { name: '見る人', organisation: town });
  await world.give(viewer.id, space, 'viewer');
  await expect(handInPlace(viewer.ctx, { id: space })).rejects.toThrow(Forbidden);
});

test('places to hand in are found by who may do no more there, and by nobody else', async () => {
  const names = async (who: { ctx: typeof officer.ctx }) =>
    (await handInPlaces(who.ctx)).map(({ name, space: of }) => `${of}: ${name}`);
  const guest = await createTestPerson(services, { name: '出す人', organisation: town });
  const folder = await world.item({ kind: 'folder', title: '公募の箱' });
  expect(await names(guest)).toEqual([]);
  await world.give(guest.id, folder, 'uploader');
  expect(await names(guest)).toEqual(['データ共有円滑化: 公募の箱']);
  expect(await names(officer)).toEqual([]);
  expect(await names(world.stranger)).toEqual([]);
  await world.give(guest.id, space, 'uploader');
  expect(await names(guest)).toEqual(['データ共有円滑化: データ共有円滑化', 'データ共有円滑化: 公募の箱']);
  await world.sql`update items set trash_root = id, trashed_at = now() where id = ${folder}`;
  expect(await names(guest)).toEqual(['データ共有円滑化: データ共有円滑化']);
  // Whoever sees the place finds it among the spaces.
  await world.sql`delete from grants where principal_id = ${guest.id}`;
  await world.give(guest.id, space, 'editor');
  expect(await names(guest)).toEqual([]);
  const nobody = createCtx({ kind: 'anonymous' }, services);
  await expect(handInPlaces(nobody)).rejects.toBeInstanceOf(Unauthenticated);
});
