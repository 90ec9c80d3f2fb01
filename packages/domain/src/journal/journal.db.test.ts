import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openDatabase } from '@engawa/db';
import * as Y from 'yjs';
import { buildWorld } from '../testing/index.ts';
import { editsTold } from './edited.ts';
import {
  append,
  drainJournal,
  heads,
  load,
  loadWire,
  readDocument,
  rowsAfter,
  writeSnapshot,
  JournalWriter,
} from './index.ts';

const world = await buildWorld();
const { services, sql } = world;

function typed(text: string, into = new Y.Doc()): Uint8Array {
  const before = Y.encodeStateVector(into);
  into.getText('t').insert(into.getText('t').length, text);
  return Y.encodeStateAsUpdate(into, before);
}

const by = (itemId: string, ...updates: Uint8Array[]) =>
  append(services, { itemId, generation: 1, author: world.officer.id, updates });

async function rowsOf(itemId: string) {
  return sql<{ seq: number; xid: string }[]>`
    select seq, xmin::text as xid from journal_rows where item = ${itemId} order by seq`;
}

test('what arrives together over several items shares one transaction', async () => {
  const items = await Promise.all([1, 2, 3, 4].map(() => world.item()));
  await Promise.all(items.map((id) => by(id, typed('あ'))));
  const edits = items.flatMap((id) => Array.from({ length: 25 }, () => by(id, typed('い'))));
  await Promise.all(edits);
  const last = await Promise.all(items.map(async (id) => (await rowsOf(id)).at(-1)!.xid));
  expect(new Set(last).size).toBe(1);
  // 25 appends of an item became one row, in which all of them are.
  const rows = await rowsAfter(sql, items[0]!, 1, 1);
  expect(rows.map((row) => row.edits.length)).toEqual([25]);
});

test('seq has no gap while two pools and many appends race for the same items', async () => {
  const items = await Promise.all([1, 2, 3].map(() => world.item()));
  const pools = [openDatabase(world.databaseUrl, { max: 4 }), openDatabase(world.databaseUrl, { max: 4 })];
  const writers = pools.map((pool) => new JournalWriter(pool));
  const seqs = new Map<string, Set<number>>(items.map((id) => [id, new Set()]));
  await Promise.all(
    writers.map(async (writer) => {
      for (let round = 0; round < 60; round += 1) {
        await Promise.all(
          items.map(async (id) => {
            const { seq } = await writer.append(id, 1, [{ author: world.officer.id, update: typed('x') }]);
            seqs.get(id)!.add(seq);
          }),
        );
      }
    }),
  );
  for (const id of items) {
    const rows = await rowsOf(id);
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index + 1));
    expect(rows.length).toBe(120);
    expect(seqs.get(id)!.size).toBe(120);
    expect(await heads(sql, [{ itemId: id, generation: 1 }])).toEqual([
      { itemId: id, generation: 1, seq: 120 },
    ]);
  }
  for (const writer of writers) await writer.idle();
  for (const pool of pools) await pool.end();
});

test('an item whose head is busy holds up nobody, and is written when it is free', async () => {
  const [busy, free] = [await world.item(), await world.item()];
  await by(busy, typed('a'));
  const holder = await sql.reserve();
  await holder`begin`;
  await holder`select 1 from journal_heads where item = ${busy} for update`;
  let written = false;
  const waiting = by(busy, typed('b')).then((result) => {
    written = true;
    return result;
  });
  for (let i = 0; i < 5; i += 1) await by(free, typed('c'));
  expect(written).toBe(false);
  await holder`commit`;
  holder.release();
  expect(await waiting).toEqual({ seq: 2, edits: 1 });
});

test('a writer that rested for a moment does not begin anew: what comes soon after shares a row', async () => {
  const writer = new JournalWriter(sql, { window: 1, apart: 1_000 });
  const [item, edit] = [await world.item(), [{ author: world.officer.id, update: typed('x') }]];
  expect(await writer.append(item, 1, edit)).toEqual({ seq: 1, edits: 1 });
  const second = writer.append(item, 1, edit);
  await new Promise((done) => setTimeout(done, 100));
  const third = writer.append(item, 1, edit);
  expect(await Promise.all([second, third])).toEqual([
    { seq: 2, edits: 2 },
    { seq: 2, edits: 2 },
  ]);
});

test('an item that cannot be written takes nobody else out of the queue, held itself or its head', async () => {
  const writer = new JournalWriter(sql, { itemBytes: 2_000, flushBytes: 3_000 });
  const [held, headed, free] = [await world.item(), await world.item(), await world.item()];
  await by(headed, typed('a'));
  const holder = await sql.reserve();
  await holder`begin`;
  await holder`select 1 from items where id = ${held} for update`;
  await holder`select 1 from journal_heads where item = ${headed} for update`;
  const edits = (size: number) => [{ author: world.officer.id, update: new Uint8Array(size) }];
  const waiting = [held, headed].map((id) => writer.append(id, 1, edits(1_500)));
  await expect(writer.append(held, 1, edits(1_500))).rejects.toMatchObject({ code: 'journal.full' });
  for (let round = 1; round <= 5; round += 1)
    expect(await writer.append(free, 1, edits(1_500))).toEqual({ seq: round, edits: 1 });
  expect(writer.waitingBytes).toBeGreaterThan(3_000);
  await holder`commit`;
  holder.release();
  expect(await Promise.all(waiting)).toMatchObject([{ seq: 1 }, { seq: 2 }]);
  await writer.idle();
  expect(writer.waitingBytes).toBe(0);
});

test('a failure rejects the appends of that item only', async () => {
  const [bad, good] = [await world.item(), await world.item()];
  await sql.unsafe(`create function refuse_row() returns trigger language plpgsql as $$ begin
    if new.item = '${bad}' then raise exception 'no'; end if; return new; end $$;
    create trigger refuse before insert on journal_rows for each row execute function refuse_row()`);
  const results = await Promise.allSettled([by(bad, typed('a')), by(good, typed('b')), by(bad, typed('c'))]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'rejected']);
  await sql.unsafe('drop trigger refuse on journal_rows; drop function refuse_row()');
  expect(await by(bad, typed('d'))).toEqual({ seq: 1, edits: 1 });
});

test('an ended generation and an item that does not exist take no edits', async () => {
  const item = await world.item();
  await by(item, typed('a'));
  await sql`update items set generation = 2 where id = ${item}`;
  await sql`delete from journal_heads where item = ${item}`;
  await expect(by(item, typed('b'))).rejects.toMatchObject({ code: 'journal.generation' });
  await expect(by(world.space, typed('b'))).rejects.toMatchObject({ code: 'journal.generation' });
});

test('when the database does not answer, appends wait, and are refused when patience ends', async () => {
  const pool = openDatabase('postgres://nobody@127.0.0.1:3499/none', { max: 1 });
  const writer = new JournalWriter(pool, { patience: 300, queueBytes: 2_000 });
  const big = { author: world.officer.id, update: new Uint8Array(1_500) };
  const first = writer.append(world.space, 1, [big]);
  await expect(writer.append(world.space, 1, [big])).rejects.toMatchObject({ code: 'journal.full' });
  await expect(first).rejects.toMatchObject({ code: 'journal.unavailable' });
  expect(writer.waitingBytes).toBe(0);
  await pool.end();
});

test('a snapshot and the tail after it are the document; a damaged snapshot is passed over', async () => {
  const item = await world.item();
  const doc = new Y.Doc();
  await by(item, typed('一', doc));
  await by(item, typed('二', doc));
  const state = Y.encodeStateAsUpdateV2(doc);
  await writeSnapshot(sql, { itemId: item, generation: 1, seq: 2, state });
  await by(item, typed('三', doc));
  const loaded = await load(sql, item, 1);
  expect(loaded).toMatchObject({ seq: 3, snapshotSeq: 2 });
  expect(loaded.tail.length).toBe(1);
  expect((await readDocument(sql, item, 1)).getText('t').toJSON()).toBe('一二三');
  await writeSnapshot(sql, { itemId: item, generation: 1, seq: 3, state: Y.encodeStateAsUpdateV2(doc) });
  await sql`update journal_snapshots set state = 'rotten' where item = ${item} and seq = 3`;
  expect((await load(sql, item, 1)).snapshotSeq).toBe(2);
  expect((await readDocument(sql, item, 1)).getText('t').toJSON()).toBe('一二三');
});

test('the bytes for a page come back whole, however many pieces they are read in', async () => {
  const item = await world.item();
  await by(item, typed('一'));
  const state = Y.encodeStateAsUpdateV2(new Y.Doc());
  for (const size of [1, 65_535, 65_536, 65_537, 300_000]) {
    const wire = randomBytes(size);
    await writeSnapshot(sql, { itemId: item, generation: 1, seq: 1, state, wire });
    const kept = await loadWire(sql, item, 1);
    expect(kept).toMatchObject({ seq: 1, tail: null });
    expect(wire.equals(kept!.state)).toBe(true);
  }
  await sql`update journal_wires set state = '' where item = ${item}`;
  expect(await loadWire(sql, item, 1)).toBeNull();
});

test('a damaged or missing row is said, never passed over', async () => {
  const item = await world.item();
  for (const text of ['a', 'b', 'c']) await by(item, typed(text));
  await sql`update journal_rows set updates = updates || 'x'::bytea where item = ${item} and seq = 2`;
  await expect(load(sql, item, 1)).rejects.toMatchObject({ code: 'journal.damaged' });
  await sql`delete from journal_rows where item = ${item} and seq = 2`;
  await expect(load(sql, item, 1)).rejects.toMatchObject({ code: 'journal.damaged' });
});

test('edits are told once an item, person and minute, and move the item up in lists', async () => {
  const item = await world.item();
  await sql`update items set updated_at = now() - interval '1 day' where id = ${item}`;
  for (let i = 0; i < 3; i += 1) await by(item, typed('a'));
  await append(services, { itemId: item, generation: 1, author: world.clerk.id, updates: [typed('b')] });
  await drainJournal(services);
  await editsTold(sql);
  const told =
    await sql`select on_behalf from ledger where object_id = ${item} and verb = 'items.edited' order by 1`;
  expect(told.map((row) => row.on_behalf).sort()).toEqual([world.officer.id, world.clerk.id].sort());
  const [row] =
    await sql`select updated_at > now() - interval '1 minute' as fresh from items where id = ${item}`;
  expect(row!.fresh).toBe(true);
});
