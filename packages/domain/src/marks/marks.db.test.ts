import { Invalid, NotFound, Unauthenticated } from '@engawa/schema';
import { expect, test } from 'vitest';
import { createCtx } from '../ctx.ts';
import { activity } from '../activity/index.ts';
import { renameItem } from '../items/index.ts';
import { buildWorld, type TestPerson } from '../testing/index.ts';
import { favourites, leaveTour, recent, star, tour, unread, visit } from './index.ts';

const world = await buildWorld();
const { sql, services, officer, clerk, stranger, space } = world;
const names = async (list: typeof recent, { ctx }: TestPerson) => (await list(ctx)).map(({ name }) => name);
const folder = await world.item({ kind: 'folder', title: '会議' });
const doc = await world.item({ title: '議事メモ', parent: folder });
const grant = await world.give(clerk.id, folder, 'editor');

test('stars are for oneself, and go as they came', async () => {
  await star(officer.ctx, { id: doc, starred: true });
  await star(officer.ctx, { id: doc, starred: true });
  await star(officer.ctx, { id: space, starred: true });
  expect(await names(favourites, officer)).toEqual(['データ共有円滑化', '議事メモ']);
  expect(await names(favourites, clerk)).toEqual([]);
  await star(officer.ctx, { id: space, starred: false });
  expect(await names(favourites, officer)).toEqual(['議事メモ']);
});

test('a star is nobody’s news, and its row in the ledger holds ids alone', async () => {
  const rows = await sql`select space_id, ids, data from ledger where verb like 'marks.%'`;
  expect(rows).toHaveLength(3);
  for (const row of rows) expect(row).toMatchObject({ space_id: null, data: {} });
  expect(JSON.stringify(rows)).not.toContain('議事メモ');
  const told = await activity(officer.ctx, { spaceId: space });
  expect(told.filter(({ verb }) => verb.startsWith('marks.'))).toEqual([]);
});

test('what was opened last comes first; reading leaves nothing in the ledger', async () => {
  const before = await sql`select from ledger`;
  await visit(clerk.ctx, { id: folder });
  await visit(clerk.ctx, { id: doc });
  expect(await names(recent, clerk)).toEqual(['議事メモ', '会議']);
  await visit(clerk.ctx, { id: folder });
  expect(await names(recent, clerk)).toEqual(['会議', '議事メモ']);
  expect(await names(recent, officer)).toEqual([]);
  expect(await sql`select from ledger`).toHaveLength(before.length);
});

test('unread is what others changed since, until it is opened', async () => {
  expect(await unread(clerk.ctx)).toEqual([]);
  await renameItem(officer.ctx, { id: doc, title: '議事メモ（案）' });
  expect(await unread(clerk.ctx)).toEqual([{ id: doc, spaceId: space }]);
  expect(await unread(officer.ctx)).toEqual([]);
  await visit(clerk.ctx, { id: doc });
  expect(await unread(clerk.ctx)).toEqual([]);
  await renameItem(clerk.ctx, { id: doc, title: '議事メモ' });
  expect(await unread(clerk.ctx)).toEqual([]);
  await renameItem(officer.ctx, { id: doc, title: '議事録' });
});

test('access is asked when it is listed', async () => {
  await star(clerk.ctx, { id: doc, starred: true });
  expect(await names(favourites, clerk)).toEqual(['議事録']);
  await sql`update grants set revoked_at = now() where id = ${grant}`;
  expect(await favourites(clerk.ctx)).toEqual([]);
  expect(await recent(clerk.ctx)).toEqual([]);
  expect(await unread(clerk.ctx)).toEqual([]);
  await sql`update grants set revoked_at = null where id = ${grant}`;
  await sql`update items set trash_root = id, trashed_at = now() where id = ${doc}`;
  expect(await names(recent, clerk)).toEqual(['会議']);
  expect(await favourites(clerk.ctx)).toEqual([]);
});

test('strangers learn nothing, organisations have no star, nobody is turned away', async () => {
  for (const id of [folder, space, world.prefecture]) {
    await expect(star(stranger.ctx, { id, starred: true })).rejects.toBeInstanceOf(NotFound);
    await expect(visit(stranger.ctx, { id })).rejects.toBeInstanceOf(NotFound);
  }
  await expect(star(world.administrator.ctx, { id: world.prefecture, starred: true })).rejects.toBeInstanceOf(
    NotFound,
  );
  await expect(visit(officer.ctx, { id: space })).rejects.toBeInstanceOf(NotFound);
  const nobody = createCtx({ kind: 'anonymous' }, services);
  for (const list of [favourites, recent, tour, unread])
    await expect(list(nobody)).rejects.toBeInstanceOf(Unauthenticated);
});

test('a place is introduced until it was read or sent away, to each for themself', async () => {
  expect(await tour(clerk.ctx)).toEqual(['home', 'space', 'doc', 'board']);
  await leaveTour(clerk.ctx, { places: ['space'] });
  await leaveTour(clerk.ctx, { places: ['space', 'doc'] });
  expect(await tour(clerk.ctx)).toEqual(['home', 'board']);
  expect(await tour(officer.ctx)).toEqual(['home', 'space', 'doc', 'board']);
  await expect(leaveTour(clerk.ctx, { places: ['cellar' as 'home'] })).rejects.toBeInstanceOf(Invalid);
});
