import { Forbidden, newId, NotFound, Unauthenticated } from '@engawa/schema';
import { describe, expect, test } from 'vitest';
import { createCtx } from '../ctx.ts';
import { accessOf, epochsOf } from '../grants/index.ts';
import { buildWorld, createTestPerson } from '../testing/index.ts';
import { breakIn, createItem, limitItem, tree } from './index.ts';

const world = await buildWorld();
const { officer, clerk, administrator, stranger, space, sql, services } = world;
const nobody = createCtx({ kind: 'anonymous' }, services);
const make = (kind: 'folder' | 'doc', title: string, parentId: string | null = null) =>
  createItem(officer.ctx, { spaceId: space, parentId, kind, title });
const epoch = async () => (await epochsOf(sql, [space])).get(space)!;
const sees = async (ctx: typeof officer.ctx, id: string) => (await accessOf(ctx, id)) !== null;

describe('limiting', () => {
  test('drops what is above for the whole subtree, and opens again', async () => {
    const colleague = await createTestPerson(services, { name: '同僚', organisation: world.prefecture });
    await world.give(colleague.id, space, 'manager');
    const home = await make('folder', '人事');
    const page = await make('doc', '評価', home.id);
    await world.give(clerk.id, home.id, 'viewer');
    const before = await epoch();
    const row = await limitItem(officer.ctx, { itemId: home.id, limited: true });
    expect(row).toMatchObject({ limited: true, can: { manage: true } });
    expect(await epoch()).toBeGreaterThan(before);
    expect([await sees(officer.ctx, page.id), await sees(clerk.ctx, page.id)]).toEqual([true, true]);
    expect([await sees(colleague.ctx, page.id), await sees(administrator.ctx, page.id)]).toEqual([
      false,
      false,
    ]);
    expect((await tree(colleague.ctx, space)).map((item) => item.id)).not.toContain(home.id);
    await expect(limitItem(colleague.ctx, { itemId: home.id, limited: false })).rejects.toBeInstanceOf(
      NotFound,
    );
    const child = await make('doc', '新生', home.id);
    expect(await sees(colleague.ctx, child.id)).toBe(false);
    await limitItem(officer.ctx, { itemId: home.id, limited: false });
    expect(await sees(colleague.ctx, page.id)).toBe(true);
  });

  test('needs manage; strangers find nothing', async () => {
    const page = await make('doc', '頁');
    await world.give(clerk.id, page.id, 'manager');
    const input = { itemId: page.id, limited: true };
    await expect(limitItem(clerk.ctx, input)).rejects.toBeInstanceOf(Forbidden);
    await expect(limitItem(stranger.ctx, input)).rejects.toBeInstanceOf(NotFound);
    await expect(limitItem(officer.ctx, { itemId: space, limited: true })).rejects.toBeInstanceOf(NotFound);
    await expect(limitItem(nobody, input)).rejects.toBeInstanceOf(Unauthenticated);
  });
});

describe('breaking in', () => {
  test('is for administrators of the host, for a day, with a reason, and shows', async () => {
    const home = await make('folder', '限定');
    const page = await make('doc', '頁', home.id);
    await limitItem(officer.ctx, { itemId: home.id, limited: true });
    const input = { itemId: page.id, reason: '監査' };
    const missing = await breakIn(administrator.ctx, { ...input, itemId: newId() }).catch((error) => error);
    expect(missing).toBeInstanceOf(NotFound);
    for (const { ctx } of [stranger, clerk]) await expect(breakIn(ctx, input)).rejects.toEqual(missing);
    await expect(breakIn(nobody, input)).rejects.toBeInstanceOf(Unauthenticated);
    await expect(breakIn(administrator.ctx, { ...input, reason: ' ' })).rejects.toMatchObject({
      code: 'reason.empty',
    });
    const { until } = await breakIn(administrator.ctx, input);
    const access = await accessOf(administrator.ctx, page.id);
    expect(access).toMatchObject({ until, can: { manage: true } });
    const [row] =
      await sql`select reason from grants where object_id = ${home.id} and principal_id = ${administrator.id}`;
    expect(row!.reason).toBe('監査');
    const events =
      await sql`select verb, data from ledger where object_id = ${home.id} and verb = 'items.broken_in'`;
    expect(events).toEqual([{ verb: 'items.broken_in', data: {} }]);
  });
});
