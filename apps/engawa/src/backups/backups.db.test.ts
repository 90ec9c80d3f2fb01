import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@engawa/db';
import { testDatabase } from '@engawa/db/testing';
import {
  collectGarbage,
  createCtx,
  holdingStore,
  openFile,
  purgeItem,
  sequence,
  trashItem,
  type Services,
} from '@engawa/domain';
import { buildWorld, bytesOf, openStore, upload } from '@engawa/domain/testing';
import { RECOVERY_DAYS } from '@engawa/schema';
import { openFolderStorage, type Storage } from '@engawa/storage';
import { afterAll, expect, test } from 'vitest';
import { Stop } from '../stop.ts';
import { backup } from './backup.ts';
import { openBackup } from './manifest.ts';
import { restore } from './restore.ts';

const world = await buildWorld();
const storage = openStore(world);
const { officer, space, sql, services } = world;
const place = mkdtempSync(join(tmpdir(), 'engawa-backup-'));
let made = 0;
const fresh = () => join(place, `${(made += 1)}`);
const signal = new AbortController().signal;
const take = (lent: Partial<Services> = {}) => {
  const folder = fresh();
  return backup({ services: { ...services, ...lent }, folder, signal }).then((manifest) => ({
    folder,
    manifest,
  }));
};

afterAll(() => rmSync(place, { recursive: true, force: true }));

/** A database in which nothing was ever made, and an empty store. */
async function elsewhere(): Promise<Services> {
  const { sql: admin, url } = await testDatabase();
  const name = `${new URL(url).pathname.slice(1)}_new`;
  await admin.unsafe(`create database ${name} template template0 encoding 'UTF8'`);
  const pool = openDatabase(url.replace(/[^/]*$/, name), { max: 3 });
  afterAll(async () => {
    await pool.end({ timeout: 2 });
    await admin.unsafe(`drop database ${name} with (force)`).catch(() => {});
  });
  return { ...services, sql: pool, storage: openFolderStorage(fresh()) };
}

async function contents(of: Services): Promise<Record<string, unknown[]>> {
  const tables = ['people', 'grants', 'items', 'ledger', 'file_versions', 'journal_rows', 'affiliations'];
  const rows = tables.map(async (table) => {
    const found = await of.sql.unsafe(`select to_jsonb(t) as row from ${table} t order by 1`);
    return [table, found.map(({ row }) => row as unknown)] as const;
  });
  return Object.fromEntries(await Promise.all(rows));
}

test('what is restored is what was backed up, awkward text and bytes included', async () => {
  const bytes = randomBytes(300_000);
  const file = await upload(officer.ctx, { spaceId: space }, '図面 👨‍👩‍👧.bin', bytes);
  await world.item({ title: 'タブ\tと\\N、"引用"、\r\n' });
  await sequence(sql);
  await sql`insert into ledger_followers (name, pos) values ('jobs', (select max(pos) from ledger))`;
  const { folder, manifest } = await take();
  expect(manifest.objects).toMatchObject({ count: 1, bytes: 300_000, missing: [] });
  const there = await elsewhere();
  const restored = await restore({ services: there, folder, signal });
  expect(restored).toMatchObject({ objects: { count: 1, missing: [] }, sameKey: true, migrated: [] });
  expect(await contents(there)).toEqual(await contents(services));
  const ctx = createCtx({ kind: 'job', personId: officer.id, job: 'test' }, there);
  expect((await bytesOf(await (await openFile(ctx, { id: file.id })).stream())).equals(bytes)).toBe(true);
  // People sign in again, and whatever holds a decision about access asks again.
  expect(restored.revived.sessions).toBeGreaterThan(0);
  expect(await there.sql`select 1 from sessions`).toHaveLength(0);
  const epoch = async (of: Services) =>
    (await of.sql<{ n: number }[]>`select access_epoch as n from spaces where id = ${space}`)[0]!.n;
  expect(await epoch(there)).toBe((await epoch(services)) + 1);
  // Jobs are made again from the last day of the ledger.
  expect([...(await there.sql`select pos from ledger_followers`)]).toEqual([{ pos: 0 }]);
  const references = (of: Services) =>
    of.sql`select conname, pg_get_constraintdef(oid) as def from pg_constraint where contype = 'f' order by 1, 2`;
  expect([...(await references(there))]).toEqual([...(await references(services))]);
});

test('everything that the database holds is either a table or code: nothing else has to be carried', async () => {
  const others = await sql`select relname, relkind from pg_class
    where relnamespace = 'public'::regnamespace and relkind not in ('r', 'i', 't')`;
  expect([...others]).toEqual([]);
});

test('only into what is empty, and only what is whole', async () => {
  const { folder } = await take();
  await expect(restore({ services, folder, signal })).rejects.toThrow('into an empty database');
  const there = await elsewhere();
  await there.storage.put('space/0000', (async function* () {})());
  await expect(restore({ services: there, folder, signal })).rejects.toThrow('into an empty file store');
  await there.storage.delete('space/0000');
  expect(await there.sql`select 1 from pg_class where relname = 'people'`).toHaveLength(0);
  await expect(restore({ services: there, folder: place, signal })).rejects.toThrow('no finished backup');
  await expect(backup({ services, folder, signal })).rejects.toThrow('is not empty');
  const table = join(folder, 'tables/people.copy.gz');
  truncateSync(table, 60);
  await expect(restore({ services: there, folder, signal })).rejects.toThrow('people.copy.gz is not what');
  rmSync(table);
  await expect(restore({ services: there, folder, signal })).rejects.toThrow('people.copy.gz is missing');
});

test('a file that is missing or damaged is named, and the rest is kept', async () => {
  const files = await Promise.all(
    ['一', '二', '三'].map((text) => upload(officer.ctx, { spaceId: space }, `${text}.txt`, text)),
  );
  const keys = await sql<{ id: string; key: string }[]>`select item_id as id, key from blobs`;
  const keyOf = ({ id }: { id: string }) => keys.find((row) => row.id === id)!.key;
  const [gone, changed] = files.map(keyOf) as [string, string, string];
  await storage.delete(gone);
  await storage.delete(changed);
  await storage.put(
    changed,
    (async function* () {
      yield Buffer.from('別');
    })(),
  );
  const { folder, manifest } = await take();
  expect(manifest.objects.missing).toEqual([gone, changed].sort());
  const there = await elsewhere();
  const kept = readdirSync(join(folder, 'objects', space));
  writeFileSync(join(folder, 'objects', space, kept[0]!), 'damaged');
  const { objects } = await restore({ services: there, folder, signal });
  expect(objects.missing).toHaveLength(3);
  expect(objects.count).toBe(kept.length - 1);
  for (const file of files) await purge(file.id);
});

async function purge(id: string): Promise<void> {
  await trashItem(officer.ctx, { id });
  await purgeItem(officer.ctx, { id });
}

test('a store that fails in between is asked again', async () => {
  await upload(officer.ctx, { spaceId: space }, 'again.txt', '何度でも');
  let fails = 3;
  const flaky: Storage = {
    ...storage,
    get: (key) => (fails-- > 0 ? Promise.reject(new Error('503')) : storage.get(key)),
  };
  const { manifest } = await take({ storage: flaky });
  expect(manifest.objects.missing).toEqual([]);
  expect(fails).toBeLessThan(1);
});

test('an interrupted backup leaves nothing that looks like one', async () => {
  const control = new AbortController();
  const folder = fresh();
  const stuck: Storage = { ...storage, get: (key) => (control.abort(), storage.get(key)) };
  const stopped = backup({ services: { ...services, storage: stuck }, folder, signal: control.signal });
  await expect(stopped).rejects.toThrow(Stop);
  expect(existsSync(folder)).toBe(false);
  expect(readdirSync(place).filter((name) => name.includes('unfinished'))).toEqual([]);
});

test('an interrupted restore is begun again', async () => {
  const { folder } = await take();
  const there = await elsewhere();
  const control = new AbortController();
  const cut = { ...there, storage: { ...there.storage, put: cutAfter(there.storage, control) } };
  await expect(restore({ services: cut, folder, signal: control.signal })).rejects.toThrow();
  const { objects, manifest } = await restore({ services: there, folder, signal });
  expect(objects).toMatchObject({ count: manifest.objects.count, missing: [] });
});

function cutAfter(storageThere: Storage, control: AbortController): Storage['put'] {
  return async (key, body) => {
    const stored = await storageThere.put(key, body);
    control.abort();
    return stored;
  };
}

test('garbage waits while a backup copies, and purged files are not kept for longer by one', async () => {
  const file = await upload(officer.ctx, { spaceId: space }, 'purged.txt', '消去');
  const [row] = await sql<{ key: string }[]>`select key from blobs where item_id = ${file.id}`;
  await purge(file.id);
  await collectGarbage(officer.ctx);
  const later = new Date(Date.now() + (RECOVERY_DAYS + 1) * 86_400_000);
  await holdingStore(sql, async () => {
    expect(await collectGarbage(officer.ctx, { now: later })).toMatchObject({ blobs: 0 });
  });
  const { folder } = await take();
  expect(readFileSync(join(folder, 'objects.sha256'), 'utf8')).not.toContain(row!.key);
  await collectGarbage(officer.ctx, { now: later });
  expect(await storage.stat(row!.key)).toBeNull();
});

test('a manifest that was written by something newer is refused before anything is changed', async () => {
  const { folder, manifest } = await take();
  const later = { name: '9999_later.sql', sha256: 'a'.repeat(64) };
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify({ ...manifest, migrations: [...manifest.migrations, later] }));
  const there = await elsewhere();
  await expect(restore({ services: there, folder, signal })).rejects.toThrow('9999_later.sql');
  writeFileSync(path, JSON.stringify({ ...manifest, format: 2 }));
  await expect(openBackup(folder)).rejects.toThrow('written by another version');
  expect(await there.sql`select 1 from pg_class where relname = 'people'`).toHaveLength(0);
});
