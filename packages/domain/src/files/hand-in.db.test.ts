import { Forbidden, NotFound } from '@engawa/schema';
import { expect, test } from 'vitest';
import { buildWorld, createTestPerson, openStore, upload } from '../testing/index.ts';
import { handInPlace } from './index.ts';

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
