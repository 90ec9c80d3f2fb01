import { Unauthenticated } from '@engawa/schema';
import { expect, test } from 'vitest';
import { createCtx } from '../ctx.ts';
import { createItem, limitItem, renameItem, trashItem } from '../items/index.ts';
import { buildWorld } from '../testing/index.ts';
import { lately } from './index.ts';

const world = await buildWorld();
const { officer, administrator, clerk, stranger, services, space } = world;
const make = (title: string) =>
  createItem(officer.ctx, { spaceId: space, parentId: null, kind: 'doc', title });
const told = async (who: typeof officer) =>
  (await lately(who.ctx)).map(({ verb, title }) => `${verb} ${title}`);

test('one line an item: the last that others did, of what one may see', async () => {
  const { id } = await make('議事メモ');
  const other = await make('案');
  await renameItem(officer.ctx, { id, title: '議事録' });
  expect(await told(administrator)).toEqual(['items.renamed 議事録', 'items.created 案']);
  expect(await told(officer)).toEqual([]);
  expect(await told(stranger)).toEqual([]);
  await world.give(clerk.id, id, 'viewer');
  expect(await told(clerk)).toEqual(['items.renamed 議事録']);
  await limitItem(officer.ctx, { itemId: id, limited: true });
  expect(await told(administrator)).toEqual(['items.created 案']);
  await trashItem(officer.ctx, { id: other.id });
  expect(await told(administrator)).toEqual([]);
});

test('nobody is turned away', async () => {
  await expect(lately(createCtx({ kind: 'anonymous' }, services))).rejects.toBeInstanceOf(Unauthenticated);
});
