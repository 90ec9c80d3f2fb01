import { Forbidden } from '@engawa/schema';
import { beforeEach, expect, test } from 'vitest';
import { accessOf } from '../grants/index.ts';
import { buildWorld, createTestPerson, type TestPerson, type World } from '../testing/index.ts';
import { limitItem, moveItem, restoreItem, trashItem } from './index.ts';

// Access follows the place, so putting something elsewhere may be sharing it.

let world: World;
let editor: TestPerson;
let guest: TestPerson;
const letsIn = { code: 'items.lets_in' };

beforeEach(async () => {
  world = await buildWorld();
  editor = await createTestPerson(world.services, { name: '職員', organisation: world.prefecture });
  guest = await createTestPerson(world.services, { name: '客', organisation: world.town });
});

test('who may not share lets nobody in by a move; who may share does', async () => {
  await world.give(editor.id, world.space, 'editor');
  const doc = await world.item();
  const [quiet, shared] = [await world.item({ kind: 'folder' }), await world.item({ kind: 'folder' })];
  await world.give(guest.id, shared, 'viewer');
  await moveItem(editor.ctx, { id: doc, parentId: quiet });
  await expect(moveItem(editor.ctx, { id: doc, parentId: shared })).rejects.toMatchObject(letsIn);
  expect(await accessOf(guest.ctx, doc)).toBeNull();
  await moveItem(world.officer.ctx, { id: doc, parentId: shared });
  // Out of it nobody is let in, and among its own nobody new.
  const inner = await world.item({ kind: 'folder', parent: shared });
  await moveItem(editor.ctx, { id: doc, parentId: inner });
  await moveItem(editor.ctx, { id: doc, parentId: shared });
  await moveItem(editor.ctx, { id: doc, parentId: null });
});

test('nobody becomes a manager by moving what they may edit into what they manage', async () => {
  await world.give(editor.id, world.space, 'editor');
  const doc = await world.item();
  const mine = await world.item({ kind: 'folder' });
  await world.give(editor.id, mine, 'manager');
  await expect(moveItem(editor.ctx, { id: doc, parentId: mine })).rejects.toMatchObject(letsIn);
  expect((await accessOf(editor.ctx, doc))?.can.manage).toBe(false);
});

test('a guest carries nothing off into a space of their own', async () => {
  const doc = await world.item();
  await world.give(guest.id, doc, 'manager');
  await world.sql`update organisations set host = true where id = ${world.town}`;
  const [away] = await world.sql<{ id: string }[]>`
    insert into spaces (id, organisation_id, name, created_by)
    values (gen_random_uuid(), ${world.town}, '町', ${guest.id}) returning id`;
  await world.give(guest.id, away!.id, 'manager');
  const folder = await world.item({ kind: 'folder', space: away!.id });
  await expect(moveItem(guest.ctx, { id: doc, parentId: folder })).rejects.toMatchObject(letsIn);
  expect(await accessOf(world.officer.ctx, doc)).not.toBeNull();
});

test('what lay in a limited folder is not opened to all by taking it out of the trash', async () => {
  await world.give(editor.id, world.space, 'editor');
  const limited = await world.item({ kind: 'folder' });
  const secret = await world.item({ parent: limited });
  await limitItem(world.officer.ctx, { itemId: limited, limited: true });
  await world.give(editor.id, limited, 'editor');
  await world.give(guest.id, world.space, 'viewer');
  await trashItem(editor.ctx, { id: secret });
  await trashItem(world.officer.ctx, { id: limited });
  await expect(restoreItem(editor.ctx, { id: secret })).rejects.toBeInstanceOf(Forbidden);
  await restoreItem(world.officer.ctx, { id: limited });
  await restoreItem(editor.ctx, { id: secret });
  expect(await accessOf(guest.ctx, secret)).toBeNull();
});
