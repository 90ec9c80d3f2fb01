import { newId } from '@engawa/schema';
import { expect, test } from 'vitest';
import { moveItem } from '../items/index.ts';
import { buildWorld, openStore, upload } from '../testing/index.ts';
import { startUpload } from './index.ts';

// A file that moves into another space takes its bytes along: they count there, and must have room there.
const world = await buildWorld();
openStore(world);
const { officer, sql, space } = world;

async function spaceFor(quota: number): Promise<{ id: string; folder: string }> {
  const id = newId();
  await sql`insert into spaces (id, organisation_id, name, created_by, quota_bytes)
    values (${id}, ${world.prefecture}, '狭い', ${officer.id}, ${quota})`;
  await world.give(officer.id, id, 'manager');
  return { id, folder: await world.item({ kind: 'folder', title: '受け', space: id }) };
}

test('a folder of files moves where there is room for all its versions, and frees the room it had', async () => {
  const folder = await world.item({ kind: 'folder', title: '資料' });
  const at = { spaceId: space, parentId: folder };
  await upload(officer.ctx, at, '一.txt', 'x'.repeat(40));
  await upload(officer.ctx, { ...at, onClash: 'new_version' }, '一.txt', 'y'.repeat(30));
  const narrow = await spaceFor(69);
  await expect(moveItem(officer.ctx, { id: folder, parentId: narrow.folder })).rejects.toMatchObject({
    code: 'files.quota',
    details: { free: 69, quota: 69, size: 70 },
  });
  const wide = await spaceFor(100);
  await moveItem(officer.ctx, { id: folder, parentId: wide.folder });
  const start = (spaceId: string, size: number) =>
    startUpload(officer.ctx, { spaceId, parentId: null, name: 'zwei.txt', size });
  await expect(start(wide.id, 31)).rejects.toMatchObject({ code: 'files.quota', details: { free: 30 } });
  await start(wide.id, 30);
  await sql`update spaces set quota_bytes = 10 where id = ${space}`;
  await start(space, 10);
});
