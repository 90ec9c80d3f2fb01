import { can, ROLES } from '@engawa/access';
import { CAPABILITIES, newId, type Role } from '@engawa/schema';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accessOfMany, reachOf, visibleTo } from '../grants/index.ts';
import { buildWorld, createTestPerson } from '../testing/index.ts';
import { limitItem, moveItem, restoreItem, trashItem, tree } from './index.ts';

// Two ways to the same answer: lists filter by `visibleTo` in SQL, doors decide by `accessOf`. They must never differ,
// whatever was granted, moved, limited, trashed, ended or blocked before.

const world = await buildWorld();
const { sql, services, space, officer, prefecture, town } = world;
const company = newId();
await sql`insert into organisations (id, name) values (${company}, '足利織物')`;
const people = await Promise.all([
  createTestPerson(services, { name: '職員', organisation: prefecture }),
  createTestPerson(services, { name: '町', organisation: town }),
  createTestPerson(services, { name: '会社', organisation: company }),
  createTestPerson(services, { name: '無所属', organisation: null }),
]);
const ROLE_NAMES = Object.keys(ROLES) as Role[];
const ITEMS = 14;

const pick = fc.nat({ max: 1000 });
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('grant' as const),
      who: pick,
      what: pick,
      role: pick,
      ends: pick,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('move' as const), what: pick, into: pick }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('limit' as const), what: pick, limited: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('trash' as const), what: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), what: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revoke' as const), what: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('block' as const), who: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('archive' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function freshTree(parents: number[]): Promise<string[]> {
  await sql`delete from blocks`;
  await sql`delete from grants where principal_id <> ${officer.id} and principal_id <> ${world.administrator.id}`;
  await sql`update items set parent_id = null`;
  await sql`delete from items`;
  await sql`update spaces set archived_at = null`;
  const ids: string[] = [];
  for (const parent of parents) {
    ids.push(await world.item({ kind: 'folder', parent: ids[parent % (ids.length + 1)] ?? null }));
  }
  return ids;
}

async function take(one: Step, ids: string[]): Promise<void> {
  const id = 'what' in one ? ids[one.what % ids.length]! : '';
  if (one.kind === 'grant') {
    const principals = [
      ...people.map((person) => ['person', person.id]),
      ['organisation', town],
      ['organisation', prefecture],
      ['authenticated', null],
    ];
    const [kind, who] = principals[one.who % principals.length]!;
    const object = [space, prefecture, ...ids][one.what % (ids.length + 2)]!;
    const ends = [null, new Date(Date.now() + 60_000), new Date(Date.now() - 60_000)][one.ends % 3]!;
    await sql`
      insert into grants (id, principal_kind, principal_id, object_id, space_id, mask, expires_at)
      values (${newId()}, ${kind!}, ${who!}, ${object}, ${object === prefecture ? null : space},
        ${ROLES[ROLE_NAMES[one.role % ROLE_NAMES.length]!]}, ${ends})
      on conflict do nothing`;
    return;
  }
  if (one.kind === 'revoke') await sql`update grants set revoked_at = now() where object_id = ${id}`;
  if (one.kind === 'archive') await sql`update spaces set archived_at = now()`;
  if (one.kind === 'block') {
    await sql`insert into blocks (space_id, person_id, reason, blocked_by)
      values (${space}, ${people[one.who % people.length]!.id}, 'x', ${officer.id}) on conflict do nothing`;
  }
  // What the officer may not do in this state (into itself, in the trash, archived) is simply not done.
  const skip = () => undefined;
  const { ctx } = officer;
  if (one.kind === 'move') {
    const parentId = [null, ...ids][one.into % (ids.length + 1)]!;
    await moveItem(ctx, { id, parentId }).catch(skip);
  }
  if (one.kind === 'limit') await limitItem(ctx, { itemId: id, limited: one.limited }).catch(skip);
  if (one.kind === 'trash') await trashItem(ctx, { id }).catch(skip);
  if (one.kind === 'restore') await restoreItem(ctx, { id }).catch(skip);
}

test('lists and doors agree for everybody, whatever happened before', async () => {
  const history = fc.tuple(
    fc.array(pick, { minLength: ITEMS, maxLength: ITEMS }),
    fc.array(step, { minLength: 4, maxLength: 18 }),
  );
  await fc.assert(
    fc.asyncProperty(history, async ([parents, steps]) => {
      const ids = await freshTree(parents);
      for (const one of steps) await take(one, ids);
      for (const { ctx } of [...people, officer]) {
        const access = await accessOfMany(ctx, ids, { trashed: true });
        for (const capability of CAPABILITIES) {
          const reach = await reachOf(ctx, capability);
          for (const trashed of [false, true]) {
            const listed = await sql<{ id: string }[]>`
              select i.id from items i where ${visibleTo(sql, reach, { trashed })}`;
            const decided = [...access.values()].filter(
              (one) => can(one.mask, capability) && (trashed || !one.trashed),
            );
            // What may not be discovered is in no answer of a door: lists are asked with `discover` beside it.
            const discovered = listed.map((row) => row.id).filter((id) => access.has(id));
            expect(discovered.sort()).toEqual(decided.map((one) => one.objectId).sort());
          }
        }
        const drawn = await tree(ctx, space).catch(() => []);
        const seen = await accessOfMany(ctx, ids);
        expect(drawn.map((row) => row.id).sort()).toEqual([...seen.keys()].sort());
      }
    }),
    { numRuns: 15 },
  );
});

test('access paths are what the tree says, after any history', async () => {
  const history = fc.tuple(
    fc.array(pick, { minLength: ITEMS, maxLength: ITEMS }),
    fc.array(step, { minLength: 10, maxLength: 30 }),
  );
  await fc.assert(
    fc.asyncProperty(history, async ([parents, steps]) => {
      const ids = await freshTree(parents);
      for (const one of steps) if (one.kind !== 'grant') await take(one, ids);
      const rows = await sql<{ id: string; parent: string | null; limited: boolean; path: string[] }[]>`
        select id, parent_id as parent, limited, access_path as path from items`;
      const byId = new Map(rows.map((row) => [row.id, row]));
      const pathOf = (id: string): string[] => {
        const row = byId.get(id)!;
        if (row.limited) return [id];
        return [id, ...(row.parent ? pathOf(row.parent) : [space, prefecture])];
      };
      for (const row of rows) expect(row.path).toEqual(pathOf(row.id));
    }),
    { numRuns: 25 },
  );
});
