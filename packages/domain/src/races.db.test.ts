import { EngawaError } from '@engawa/schema';
import { expect, test } from 'vitest';
import { endAffiliation, restorePerson, suspendPerson } from './admin/index.ts';
import { grant } from './grants/index.ts';
import { invite } from './guests/index.ts';
import { createItem, limitItem, moveItem, purgeItem, restoreItem, trashItem } from './items/index.ts';
import { createSpace } from './spaces/index.ts';
import { buildWorld, createTestPerson } from './testing/index.ts';

// Everything at once: no verb may wait for another in a ring, and the tree stays a tree whose paths are right.

const world = await buildWorld();
const { officer, administrator, space, sql, prefecture, services } = world;

test('many verbs at once on two spaces neither lock each other out nor break the tree', async () => {
  const other = (await createSpace(officer.ctx, { name: '別' })).id;
  const colleagues = await Promise.all(
    [1, 2, 3].map((n) => createTestPerson(services, { name: `同僚${n}`, organisation: prefecture })),
  );
  for (const { id } of colleagues) for (const at of [space, other]) await world.give(id, at, 'editor');
  const ids: string[] = [];
  for (const at of [space, other]) {
    for (let n = 0; n < 6; n += 1) ids.push(await world.item({ kind: 'folder', space: at }));
  }
  let seed = 20_261_120;
  const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const any = () => ids[next(ids.length)]!;
  const { ctx } = officer;
  const verbs: (() => Promise<unknown>)[] = [
    async () => {
      const parentId = any();
      const [row] = await sql<
        { spaceId: string }[]
      >`select space_id as "spaceId" from items where id = ${parentId}`;
      if (row)
        ids.push((await createItem(ctx, { spaceId: row.spaceId, parentId, kind: 'folder', title: 'x' })).id);
    },
    () => moveItem(ctx, { id: any(), parentId: any() }),
    () => moveItem(ctx, { id: any(), parentId: any() }),
    () => moveItem(ctx, { id: any(), parentId: null }),
    () => trashItem(ctx, { id: any() }),
    () => restoreItem(ctx, { id: any() }),
    () => purgeItem(ctx, { id: any() }),
    () => limitItem(ctx, { itemId: any(), limited: next(2) === 0 }),
    () =>
      grant(ctx, {
        objectId: any(),
        principal: { kind: 'person', id: colleagues[next(3)]!.id },
        role: 'viewer',
      }),
    () => invite(ctx, { objectId: any(), email: `g${next(1_000_000)}@example.jp`, role: 'viewer' }),
    () =>
      suspendPerson(administrator.ctx, {
        organisationId: prefecture,
        personId: colleagues[next(3)]!.id,
        reason: 'x',
      }),
    () => restorePerson(administrator.ctx, { organisationId: prefecture, personId: colleagues[next(3)]!.id }),
    async () => {
      const [row] = await sql<
        { id: string }[]
      >`select id from affiliations where person_id = ${colleagues[next(3)]!.id}`;
      await endAffiliation(administrator.ctx, { affiliationId: row!.id });
    },
  ];
  const surprises: unknown[] = [];
  const worker = async () => {
    for (let n = 0; n < 30; n += 1) {
      await verbs[next(verbs.length)]!().catch((error: unknown) => {
        if (!(error instanceof EngawaError)) surprises.push(error);
      });
    }
  };
  await Promise.all([1, 2, 3, 4, 5, 6].map(worker));
  expect(surprises).toEqual([]);

  const rows = await sql<
    { id: string; parent: string | null; space: string; limited: boolean; path: string[] }[]
  >`
    select id, parent_id as parent, space_id as space, limited, access_path as path from items`;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const pathOf = (id: string, depth = 0): string[] => {
    expect(depth, 'a ring in the tree').toBeLessThan(50);
    const row = byId.get(id)!;
    if (row.limited) return [id];
    return [id, ...(row.parent ? pathOf(row.parent, depth + 1) : [row.space, prefecture])];
  };
  for (const row of rows) {
    expect(row.path).toEqual(pathOf(row.id));
    if (row.parent) expect(byId.get(row.parent)!.space).toBe(row.space);
  }
});
