import { newId, Unauthenticated } from '@engawa/schema';
import { expect, test } from 'vitest';
import { createCtx, type Ctx } from '../ctx.ts';
import { block } from '../grants/index.ts';
import { item, trashItem } from '../items/index.ts';
import { buildWorld, createTestPerson } from '../testing/index.ts';
import { keepable, mySpaces, updateSpace } from './index.ts';

const world = await buildWorld();
const { officer, clerk, stranger, space, services } = world;
const page = await world.item({ title: '議事メモ' });
const until = new Date(Date.now() + 86_400_000);
const kept = async (ctx: Ctx, ...ids: string[]) => (await keepable(ctx, { ids })).map(({ id }) => id).sort();
const both = [space, page].sort();
const allow = (guestOffline: boolean) =>
  updateSpace(officer.ctx, { spaceId: space, name: 'データ共有円滑化', guestOffline });

test('staff may keep what they may download, guests until their access ends', async () => {
  await world.give(clerk.id, space, 'viewer', until);
  expect(await kept(officer.ctx, space, page)).toEqual(both);
  expect(await keepable(clerk.ctx, { ids: [page] })).toEqual([{ id: page, until }]);
});

test('a space may forbid the copies of guests, and staff keep theirs', async () => {
  expect((await allow(false)).guestOffline).toBe(false);
  expect(await kept(clerk.ctx, space, page)).toEqual([]);
  expect(await kept(officer.ctx, space, page)).toEqual(both);
  const renamed = await updateSpace(officer.ctx, { spaceId: space, name: '改' });
  expect(renamed).toMatchObject({ name: '改', guestOffline: false });
  expect((await item(clerk.ctx, page)).keeps).toBe(false);
  expect((await item(officer.ctx, page)).keeps).toBe(true);
  expect((await mySpaces(clerk.ctx))[0]).toMatchObject({ guestOffline: false });
  await allow(true);
  expect(await kept(clerk.ctx, space, page)).toEqual(both);
});

test('who may look and not download keeps nothing; a guest of one item keeps that and the list of it', async () => {
  const looker = await createTestPerson(services, { name: '閲覧', organisation: world.town });
  await world.give(looker.id, space, 'previewer');
  expect(await kept(looker.ctx, space, page)).toEqual([]);
  const one = await createTestPerson(services, { name: '一件', organisation: world.town });
  await world.give(one.id, page, 'editor');
  const other = await world.item({ title: '庁内' });
  expect(await kept(one.ctx, space, page, other)).toEqual(both);
});

test('strangers, the blocked and nobody keep nothing; neither does anybody what lies in the trash', async () => {
  const gone = await world.item({ title: '古い案' });
  await trashItem(officer.ctx, { id: gone });
  expect(await kept(officer.ctx, gone, newId(), world.prefecture)).toEqual([]);
  expect(await kept(stranger.ctx, space, page)).toEqual([]);
  await block(officer.ctx, { spaceId: space, personId: clerk.id, reason: '終了' });
  expect(await kept(clerk.ctx, space, page)).toEqual([]);
  const nobody = createCtx({ kind: 'anonymous' }, services);
  await expect(keepable(nobody, { ids: [space] })).rejects.toBeInstanceOf(Unauthenticated);
  await expect(keepable(officer.ctx, { ids: ['x'] })).rejects.toMatchObject({ status: 400 });
});
