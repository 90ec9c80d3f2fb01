import { expect, test } from 'vitest';
import { createItem, renameItem, trashItem } from '../items/index.ts';
import { buildWorld } from '../testing/index.ts';
import { activity } from './index.ts';

const world = await buildWorld();
const { officer, clerk, space } = world;

test('what was thrown away is told by its title to those alone who may take it out', async () => {
  await world.give(clerk.id, space, 'viewer');
  const { id } = await createItem(officer.ctx, { spaceId: space, parentId: null, kind: 'doc', title: '案' });
  const titles = async (who: typeof officer) =>
    (await activity(who.ctx, { spaceId: space })).map((row) => row.title);
  expect(await titles(clerk)).toContain('案');
  await renameItem(officer.ctx, { id, title: '人事の話' });
  await trashItem(officer.ctx, { id });
  expect(await titles(clerk)).not.toContain('人事の話');
  expect(await titles(officer)).toContain('人事の話');
});
