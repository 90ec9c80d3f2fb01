import { Forbidden, newId, NotFound, Unauthenticated } from '@engawa/schema';
import { describe, expect, test } from 'vitest';
import { createCtx } from '../ctx.ts';
import { accessOf, epochsOf } from '../grants/index.ts';
import { buildWorld, createTestPerson } from '../testing/index.ts';
import {
  createItem,
  item,
  moveItem,
  purgeExpired,
  purgeItem,
  renameItem,
  restoreItem,
  trash,
  trashItem,
  tree,
} from './index.ts';

const world = await buildWorld();
const { officer, clerk, stranger, space, sql } = world;
const job = createCtx({ kind: 'job', personId: officer.id, job: 'purge' }, world.services);
const make = (kind: 'doc' | 'folder', title: string, parentId: string | null = null) =>
  createItem(officer.ctx, { spaceId: space, parentId, kind, title });
const ids = async (ctx = officer.ctx) => (await tree(ctx, space)).map((row) => row.id);
const entries = async (ctx = officer.ctx) => (await trash(ctx, space)).map((row) => row.id);
const epoch = async () => (await epochsOf(sql, [space])).get(space)!;

describe('throwing away', () => {
  test('hides the whole subtree behind one entry, and every other door is shut', async () => {
    const home = await make('folder', '棚');
    const page = await make('doc', '頁', home.id);
    const before = await epoch();
    await trashItem(officer.ctx, { id: home.id });
    expect(await epoch()).toBe(before + 1);
    expect(await ids()).not.toContain(page.id);
    expect(await entries()).toEqual([home.id]);
    const [entry] = await trash(officer.ctx, space);
    expect(entry).toMatchObject({
      below: 1,
      title: '棚',
      trashedBy: { id: officer.id },
      can: { delete: true },
    });
    expect(entry!.purgeAt.getTime() - entry!.trashedAt.getTime()).toBe(30 * 86_400_000);
    expect(await accessOf(officer.ctx, page.id)).toBeNull();
    await expect(renameItem(officer.ctx, { id: page.id, title: 'x' })).rejects.toBeInstanceOf(NotFound);
    await expect(moveItem(officer.ctx, { id: page.id, parentId: null })).rejects.toBeInstanceOf(NotFound);
    await expect(trashItem(officer.ctx, { id: home.id })).rejects.toBeInstanceOf(NotFound);
    await expect(make('doc', 'x', home.id)).rejects.toBeInstanceOf(NotFound);
    expect((await item(officer.ctx, home.id)).trashedAt).toBeInstanceOf(Date);
    await restoreItem(officer.ctx, { id: home.id });
    expect(await ids()).toEqual(expect.arrayContaining([home.id, page.id]));
  });

  test('needs delete; readers and strangers see neither item nor trash', async () => {
    const page = await make('doc', '頁');
    await world.give(clerk.id, page.id, 'commenter');
    await expect(trashItem(clerk.ctx, { id: page.id })).rejects.toBeInstanceOf(Forbidden);
    await expect(trashItem(stranger.ctx, { id: page.id })).rejects.toBeInstanceOf(NotFound);
    await expect(trashItem(officer.ctx, { id: newId() })).rejects.toBeInstanceOf(NotFound);
    await expect(trashItem(officer.ctx, { id: space })).rejects.toBeInstanceOf(NotFound);
    await trashItem(officer.ctx, { id: page.id });
    expect(await entries(clerk.ctx)).toEqual([]);
    await expect(trash(stranger.ctx, space)).rejects.toBeInstanceOf(NotFound);
    await expect(item(clerk.ctx, page.id)).rejects.toBeInstanceOf(NotFound);
    await expect(restoreItem(clerk.ctx, { id: page.id })).rejects.toBeInstanceOf(Forbidden);
    await expect(restoreItem(stranger.ctx, { id: page.id })).rejects.toBeInstanceOf(NotFound);
    await expect(restoreItem(createCtx({ kind: 'anonymous' }, world.services), page)).rejects.toBeInstanceOf(
      Unauthenticated,
    );
  });

  test('what was in the trash before stays its own entry', async () => {
    const home = await make('folder', '棚');
    const page = await make('doc', '先に', home.id);
    await trashItem(officer.ctx, { id: page.id });
    await trashItem(officer.ctx, { id: home.id });
    expect(await entries()).toEqual(expect.arrayContaining([home.id, page.id]));
    await restoreItem(officer.ctx, { id: home.id });
    expect(await ids()).not.toContain(page.id);
    const back = await restoreItem(officer.ctx, { id: page.id });
    expect(back.parentId).toBe(home.id);
  });
});

describe('restoring', () => {
  test('goes to the root when the folder is gone, with the path of the root', async () => {
    const home = await make('folder', '棚');
    const page = await make('doc', '頁', home.id);
    await trashItem(officer.ctx, { id: page.id });
    await trashItem(officer.ctx, { id: home.id });
    const back = await restoreItem(officer.ctx, { id: page.id });
    expect(back.parentId).toBeNull();
    const [row] = await sql`select access_path from items where id = ${page.id}`;
    expect(row!.access_path).toEqual([page.id, space, world.prefecture]);
    await expect(restoreItem(officer.ctx, { id: page.id })).rejects.toMatchObject({
      code: 'items.not_in_trash',
    });
  });

  test('needs permission in the place it goes to', async () => {
    const guest = await createTestPerson(world.services, { name: '客', organisation: world.town });
    const page = await make('doc', '頁');
    await world.give(guest.id, page.id, 'editor');
    await trashItem(guest.ctx, { id: page.id });
    await expect(restoreItem(guest.ctx, { id: page.id })).rejects.toBeInstanceOf(Forbidden);
    await restoreItem(officer.ctx, { id: page.id });
  });

  test('two at once: one restores, the other is told', async () => {
    const page = await make('doc', '頁');
    await trashItem(officer.ctx, { id: page.id });
    const done = await Promise.allSettled([restoreItem(officer.ctx, page), restoreItem(officer.ctx, page)]);
    expect(done.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('purging', () => {
  const age = (id: string) =>
    sql`update items set trashed_at = now() - interval '31 days' where trash_root = ${id}`;

  test('by hand only by managers, only from the trash', async () => {
    const page = await make('doc', '頁');
    await expect(purgeItem(officer.ctx, { id: page.id })).rejects.toMatchObject({
      code: 'items.not_in_trash',
    });
    await world.give(clerk.id, page.id, 'editor');
    await trashItem(clerk.ctx, { id: page.id });
    await expect(purgeItem(clerk.ctx, { id: page.id })).rejects.toBeInstanceOf(Forbidden);
    await expect(purgeItem(stranger.ctx, { id: page.id })).rejects.toBeInstanceOf(NotFound);
    await purgeItem(officer.ctx, { id: page.id });
    expect(await sql`select 1 from items where id = ${page.id}`).toHaveLength(0);
    expect(await sql`select 1 from grants where object_id = ${page.id} and revoked_at is null`).toHaveLength(
      0,
    );
    await expect(item(officer.ctx, page.id)).rejects.toBeInstanceOf(NotFound);
  });

  test('after thirty days, with everything below, but nothing that a rule keeps', async () => {
    const home = await make('folder', '棚');
    const page = await make('doc', '頁', home.id);
    const held = await make('folder', '保存');
    const inner = await make('doc', '決裁', held.id);
    const fresh = await make('doc', '昨日');
    for (const { id } of [home, held, fresh]) await trashItem(officer.ctx, { id });
    await sql`update items set hold = true where id = ${inner.id}`;
    await age(home.id);
    await age(held.id);
    expect(await purgeExpired(job)).toBe(1);
    const left = await sql<{ id: string }[]>`
      select id from items where id = any(${[home.id, page.id, held.id, inner.id, fresh.id]}::uuid[])`;
    expect(left.map((row) => row.id).sort()).toEqual([held.id, inner.id, fresh.id].sort());
    await expect(purgeItem(officer.ctx, { id: held.id })).rejects.toMatchObject({ code: 'items.kept' });
    await sql`update items set hold = false, retain_until = now() + interval '1 year' where id = ${inner.id}`;
    expect(await purgeExpired(job)).toBe(0);
    await sql`update items set retain_until = now() - interval '1 day' where id = ${inner.id}`;
    expect(await purgeExpired(job)).toBe(1);
    const [row] =
      await sql`select actor_kind, on_behalf from ledger where object_id = ${home.id} and verb = 'items.purged'`;
    expect(row).toEqual({ actor_kind: 'job', on_behalf: officer.id });
  });
});
