import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './client.ts';
import { migrate, OUTSIDE } from './migrate.ts';
import { testDatabase } from './testing.ts';

const { sql, url } = await testDatabase();
const place = mkdtempSync(join(tmpdir(), 'engawa-migrations-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const PATIENCE = { timeout: 30_000 };
const OWN = new URL('../migrations/', import.meta.url);
let turn = 0;
let folder: URL;

/** Our migrations, and what a test adds to them. */
beforeEach(() => {
  turn += 1;
  const path = join(place, String(turn));
  cpSync(OWN, path, { recursive: true });
  folder = pathToFileURL(`${path}/`);
});
const name = () => `9${String(turn).padStart(3, '0')}_test.sql`;
const add = (text: string, as = name()) => writeFileSync(new URL(as, folder), text);
const columns = async () =>
  (
    await sql<{ name: string }[]>`
      select column_name as name from information_schema.columns where table_name = 'items'`
  ).map((row) => row.name);

/** A transaction that has read a table and stays open, as a backup does. */
async function holding(): Promise<() => Promise<void>> {
  const reader = await sql.reserve();
  await reader`begin`;
  await reader`select count(*) from items`;
  return async () => {
    await reader`rollback`;
    reader.release();
  };
}

test('a migration that cannot have its table steps back, and those who serve get through', async () => {
  add('alter table items add column colour text;');
  const release = await holding();
  const other = openDatabase(url, { max: 1 });
  let busy = 0;
  const migrated = migrate(other, { folder, lockTimeout: 100, onBusy: () => (busy += 1) });
  await expect.poll(() => busy, PATIENCE).toBeGreaterThan(0);
  // Each of these stands in line behind the migration for as long as that does, and no longer.
  for (let answered = 0; answered < 10; answered += 1) await sql`select count(*) from items where title = ''`;
  await expect.poll(() => busy, PATIENCE).toBeGreaterThan(1);
  expect(await columns()).not.toContain('colour');
  await release();
  expect(await migrated).toEqual([name()]);
  expect(await columns()).toContain('colour');
  expect(await migrate(other, { folder })).toEqual([]);
  await other.end();
});

test('one that never gets its table is given up with what to do, and leaves nothing', async () => {
  add('create table half (done int); alter table items add column weight int;');
  const release = await holding();
  const other = openDatabase(url, { max: 1 });
  await expect(migrate(other, { folder, lockTimeout: 50, patience: 0 })).rejects.toThrow(
    /found its tables busy .*pg_stat_activity/,
  );
  const [row] = await sql<{ half: string | null }[]>`select to_regclass('half')::text as half`;
  expect(row!.half).toBeNull();
  await release();
  expect(await migrate(other, { folder })).toEqual([name()]);
  await other.end();
});

test('an index is made while somebody writes, also after an attempt that was cut off', async () => {
  add(`${OUTSIDE}\ncreate index concurrently if not exists items_by_colour on items (colour);`);
  // What such an attempt leaves: an index by that name that nothing uses.
  await sql`create index items_by_colour on items (title)`;
  await sql`update pg_index set indisvalid = false where indexrelid = 'items_by_colour'::regclass`;
  const writer = await sql.reserve();
  await writer`begin`;
  await writer`update items set title = title`;
  const others = [openDatabase(url, { max: 1 }), openDatabase(url, { max: 1 })];
  // Two programs start at once: one of them migrates, and the other does not keep it from ending.
  const migrated = Promise.all(others.map((other) => migrate(other, { folder })));
  await expect
    .poll(async () => {
      const [row] = await sql<{ waiting: number }[]>`
        select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and query ilike '%concurrently%' and wait_event_type = 'Lock'`;
      return row!.waiting;
    }, PATIENCE)
    .toBeGreaterThan(0);
  await sql`insert into rate_limits (key, points, expire) values ('written meanwhile', 1, 1)`;
  await writer`commit`;
  writer.release();
  expect((await migrated).flat()).toEqual([name()]);
  const [index] = await sql<{ valid: boolean; on: string }[]>`
    select indisvalid as valid, pg_get_indexdef(indexrelid) as on from pg_index
    where indexrelid = 'items_by_colour'::regclass`;
  expect(index).toMatchObject({ valid: true, on: expect.stringContaining('(colour)') });
  await Promise.all(others.map((other) => other.end()));
});

test('what was applied may not be edited; what another version applied is left alone', async () => {
  add('create table kept (at int);');
  await migrate(sql, { folder });
  add('create table kept (at bigint);');
  await expect(migrate(sql, { folder })).rejects.toThrow('was changed after it had been applied');
  // The version before starts once more on what the next one has made: a deploy that is taken back.
  expect(await migrate(sql)).toEqual([]);
});
