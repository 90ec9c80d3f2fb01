import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { buildWorld, damagedJournal } from '../testing/index.ts';
import {
  append,
  load,
  loadKept,
  loadWire,
  Merger,
  mergeOldEdits,
  mergeTail,
  readDocument,
  readKept,
  repairItem,
  REPLAY_DAYS,
  rowsAfter,
  writeSnapshot,
} from './index.ts';

const world = await buildWorld();
const { services, sql, officer, clerk, stranger } = world;

const words = (doc: Y.Doc) => (doc.getArray('words').toArray() as string[]).sort();

async function write(itemId: string, doc: Y.Doc, text: string): Promise<void> {
  const before = Y.encodeStateVector(doc);
  doc.getText('t').insert(doc.getText('t').length, text);
  const updates = [Y.encodeStateAsUpdate(doc, before)];
  await append(services, { itemId, generation: 1, author: officer.id, updates });
}

test('what is whole of a damaged item can be read, and says how much is not', async () => {
  const item = await world.item();
  await damagedJournal(world, item);
  await expect(readDocument(sql, item, 1)).rejects.toMatchObject({ code: 'journal.damaged' });
  const { doc, lost } = await readKept(sql, item, 1);
  expect(words(doc)).toEqual(['一', '三']);
  expect(lost).toBe(1);
});

test('a repair begins a new generation of what is whole, and ends the old one', async () => {
  const item = await world.item();
  await damagedJournal(world, item);
  await expect(repairItem(stranger.ctx, { id: item })).rejects.toMatchObject({ status: 404 });
  await world.give(clerk.id, item, 'editor');
  await expect(repairItem(clerk.ctx, { id: item })).rejects.toMatchObject({ status: 403 });
  expect(await repairItem(officer.ctx, { id: item })).toEqual({ lost: 1 });
  expect(words(await readDocument(sql, item, 2))).toEqual(['一', '三']);
  const old = append(services, { itemId: item, generation: 1, author: officer.id, updates: [] });
  await expect(old).rejects.toMatchObject({ code: 'journal.generation' });
  const [left] =
    await sql`select count(*)::int as rows from journal_rows where item = ${item} and generation = 1`;
  expect(left!.rows).toBe(0);
  await expect(repairItem(officer.ctx, { id: item })).rejects.toMatchObject({ code: 'journal.whole' });
});

test('edits that stand on a lost one are not taken along, and nothing waits for them', async () => {
  const item = await world.item();
  const doc = new Y.Doc();
  for (const text of ['a', 'b', 'c']) await write(item, doc, text);
  await sql`delete from journal_rows where item = ${item} and seq = 2`;
  expect(await repairItem(officer.ctx, { id: item })).toEqual({ lost: 1 });
  const repaired = await readDocument(sql, item, 2);
  expect(repaired.getText('t').toJSON()).toBe('a');
  expect(repaired.store.pendingStructs).toBeNull();
});

test('edits of more than thirty days become one state; what came later stays as it is', async () => {
  const item = await world.item();
  const doc = new Y.Doc();
  for (const text of ['a', 'b', 'c']) await write(item, doc, text);
  await sql`update journal_rows set at = now() - make_interval(days => ${REPLAY_DAYS + 1}) where item = ${item} and seq <= 2`;
  expect((await mergeOldEdits(officer.ctx)).merged).toBeGreaterThanOrEqual(1);
  expect((await readDocument(sql, item, 1)).getText('t').toJSON()).toBe('abc');
  const rows = await sql`select seq from journal_rows where item = ${item}`;
  expect(rows.map((row) => row.seq)).toEqual([3]);
  await write(item, doc, 'd');
  expect((await rowsAfter(sql, item, 1, 3)).map((row) => row.seq)).toEqual([4]);
  expect((await readDocument(sql, item, 1)).getText('t').toJSON()).toBe('abcd');
});

test('the last row is missed like any other', async () => {
  const item = await world.item();
  const doc = new Y.Doc();
  for (const text of ['a', 'b', 'c']) await write(item, doc, text);
  await sql`delete from journal_rows where item = ${item} and seq = 3`;
  await expect(load(sql, item, 1)).rejects.toMatchObject({ code: 'journal.damaged' });
  expect(await loadKept(sql, item, 1)).toMatchObject({ seq: 2, lost: 1 });
});

test('what is merged and dropped between two questions of a reader is read all the same', async () => {
  const item = await world.item();
  const doc = new Y.Doc();
  for (const text of ['a', 'b']) await write(item, doc, text);
  const merger = new Merger();
  await mergeTail(sql, merger, { itemId: item, generation: 1 });
  await merger.stop();
  for (const read of [load, loadWire]) {
    for (const text of ['c', 'd']) await write(item, doc, text);
    const found = await read(mergedBefore(item), item, 1);
    // Null: whoever asks goes on to ask for the whole.
    const { seq } = found ?? (await load(sql, item, 1));
    expect(seq).toBe(doc.getText('t').length);
  }
});

/** A pool whose first question for rows comes when all of them have been merged and dropped. */
function mergedBefore(item: string): typeof sql {
  let merged: Promise<unknown> | null = null;
  const merge = async () => {
    await sql`update journal_rows set at = now() - interval '1 year' where item = ${item}`;
    await mergeOldEdits(officer.ctx);
  };
  return new Proxy(sql, {
    apply(target, self, args: [TemplateStringsArray, ...unknown[]]) {
      const ask = () => Reflect.apply(target, self, args);
      if (merged || !args[0].join('').includes('from journal_rows')) return ask();
      merged = merge();
      return merged.then(ask);
    },
  });
}

test('a broken snapshot in the place of the new one does not cost the edits', async () => {
  const item = await world.item();
  const doc = new Y.Doc();
  for (const text of ['a', 'b']) await write(item, doc, text);
  await writeSnapshot(sql, { itemId: item, generation: 1, seq: 2, state: Y.encodeStateAsUpdateV2(doc) });
  await sql`update journal_snapshots set state = 'rotten' where item = ${item}`;
  await sql`update journal_rows set at = now() - interval '1 year' where item = ${item}`;
  await mergeOldEdits(officer.ctx);
  expect((await load(sql, item, 1)).snapshotSeq).toBe(2);
  expect((await readDocument(sql, item, 1)).getText('t').toJSON()).toBe('ab');
});

test('damaged items, however many, keep no other from being merged', async () => {
  const items = await Promise.all(Array.from({ length: 7 }, () => world.item()));
  const sound = items.slice(2, 4);
  for (const item of items) {
    if (sound.includes(item)) for (const text of ['a', 'b']) await write(item, new Y.Doc(), text);
    else await damagedJournal(world, item);
  }
  await sql`update journal_rows set at = now() - interval '1 year'`;
  // Two a look: every look but one meets damaged ones.
  const { damaged } = await mergeOldEdits(officer.ctx, 2);
  expect(damaged).toBeGreaterThanOrEqual(5);
  const left = await sql`select 1 from journal_rows where item = any(${sound}::uuid[])`;
  expect(left.length).toBe(0);
});

test('a long journal is merged in steps, and read by what is not merged yet', async () => {
  const item = await world.item();
  const doc = new Y.Doc();
  for (let row = 0; row < 25; row += 1) await write(item, doc, String(row % 10));
  const merger = new Merger();
  expect(await mergeTail(sql, merger, { itemId: item, generation: 1 }, 10)).toBe(25);
  await merger.stop();
  const kept = await sql`select seq from journal_snapshots where item = ${item} order by seq`;
  expect(kept.map(({ seq }) => seq)).toEqual([20, 25]);
  const loaded = await load(sql, item, 1);
  expect(loaded).toMatchObject({ seq: 25, snapshotSeq: 25, tail: [] });
  expect((await readDocument(sql, item, 1)).getText('t').toJSON()).toBe(doc.getText('t').toJSON());
});

test('a merging thread that dies costs nothing, and the next merge makes a new one', async () => {
  const item = await world.item();
  const doc = new Y.Doc();
  for (let row = 0; row < 5; row += 1) await write(item, doc, String(row));
  const merger = new Merger();
  const merging = merger.merge(null, [Y.encodeStateAsUpdate(doc)]);
  const died = expect(merging).rejects.toThrow(/ended/);
  await merger.stop();
  await died;
  expect((await load(sql, item, 1)).tail.length).toBe(5);
  expect(await mergeTail(sql, merger, { itemId: item, generation: 1 })).toBe(5);
  await merger.stop();
  expect((await readDocument(sql, item, 1)).getText('t').toJSON()).toBe('01234');
});

test('damaged items are left for their repair', async () => {
  const item = await world.item();
  await damagedJournal(world, item);
  await sql`update journal_rows set at = now() - interval '1 year' where item = ${item}`;
  expect((await mergeOldEdits(officer.ctx)).damaged).toBeGreaterThanOrEqual(1);
  expect((await loadKept(sql, item, 1)).tail.length).toBe(2);
});
