import { Forbidden } from '@engawa/schema';
import { expect, test } from 'vitest';
import { buildWorld } from '../testing/index.ts';
import { createItem, provideFolder, renameItem, trashItem, tree } from './index.ts';

const world = await buildWorld();
const { officer, clerk, space } = world;
const root = { spaceId: space, parentId: null };
const named = async (title: string) =>
  (await tree(officer.ctx, space)).filter((row) => row.kind === 'folder' && row.title === title);

test('however many ask for a folder at once, there is one in the end', async () => {
  await world.give(clerk.id, space, 'editor');
  const made = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      provideFolder(index % 2 ? officer.ctx : clerk.ctx, {
        ...root,
        titles: index % 3 ? ['画像', 'Images'] : ['Images', '画像'],
      }),
    ),
  );
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect([...(await named('画像')), ...(await named('Images'))]).toHaveLength(1);
  expect(made[0]).toMatchObject({ kind: 'folder', parentId: null });
});

test('what lies in the trash, is no folder, lies elsewhere or may not be used is not it', async () => {
  const titles = ['写真'];
  const first = await provideFolder(officer.ctx, { ...root, titles });
  const inside = await provideFolder(officer.ctx, { spaceId: space, parentId: first.id, titles });
  expect(inside.parentId).toBe(first.id);
  await createItem(officer.ctx, { ...root, kind: 'doc', title: '写真' });
  expect((await provideFolder(officer.ctx, { ...root, titles })).id).toBe(first.id);
  await trashItem(officer.ctx, { id: first.id });
  const second = await provideFolder(officer.ctx, { ...root, titles });
  expect(second.id).not.toBe(first.id);
  await world.sql`update items set limited = true, access_path = array[id] where id = ${second.id}`;
  await world.give(officer.id, second.id, 'manager');
  const theirs = await provideFolder(clerk.ctx, { ...root, titles });
  expect([first.id, second.id]).not.toContain(theirs.id);
  await renameItem(officer.ctx, { id: theirs.id, title: '別の名前' });
  expect(await named('写真')).toHaveLength(1);
});

test('needs edit in the place', async () => {
  await world.give(world.stranger.id, space, 'viewer');
  await expect(provideFolder(world.stranger.ctx, { ...root, titles: ['画像'] })).rejects.toThrow(Forbidden);
});
