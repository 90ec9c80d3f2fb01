import { createHash } from 'node:crypto';
import type { Db } from '@engawa/db';
import { Conflict } from '@engawa/schema';
import * as Y from 'yjs';
import {
  headsOf,
  insertSnapshot,
  dropOldSnapshots,
  putWire,
  rowsPage,
  snapshotOf,
  type Head,
} from './journal.sql.ts';
import { checksumOf, unpack, type Edit } from './pack.ts';

const PAGE = 1_000;

/** One row of the journal, unpacked. */
export interface JournalRow {
  seq: number;
  edits: Edit[];
}

export interface Loaded {
  /** The newest snapshot that is whole, in Yjs' V2 encoding; null when there is none. */
  state: Uint8Array | null;
  /** The seq that snapshot and tail reach together; 0 for an item nobody has written. */
  seq: number;
  /** The updates after the snapshot, in order, in V1 encoding. */
  tail: Uint8Array[];
  /** The seq of the snapshot, 0 without one. */
  snapshotSeq: number;
}

/**
 * What an item consists of: its newest snapshot and the tail after it, of `most` rows at the most. Throws
 * `journal.damaged` when a row is missing or fails its checksum.
 */
export async function load(sql: Db, itemId: string, generation: number, most = Infinity): Promise<Loaded> {
  try {
    return await loadWith(sql, itemId, generation, refuse, most);
  } catch (error) {
    // Old rows may have been merged into a newer snapshot between the two questions.
    if (!isDamaged(error)) throw error;
    return loadWith(sql, itemId, generation, refuse, most);
  }
}

/** What can still be read of an item, and how many of its rows cannot (0 when it is whole). */
export async function loadKept(
  sql: Db,
  itemId: string,
  generation: number,
): Promise<Loaded & { lost: number }> {
  try {
    return { ...(await load(sql, itemId, generation)), lost: 0 };
  } catch (error) {
    if (!isDamaged(error)) throw error;
  }
  let lost = 0;
  const kept = await loadWith(sql, itemId, generation, (_, rows) => (lost += rows));
  return { ...kept, lost };
}

async function loadWith(
  sql: Db,
  itemId: string,
  generation: number,
  damaged: OnDamage,
  most = Infinity,
): Promise<Loaded> {
  const whole =
    (await wholeSnapshot(sql, itemId, generation, 0)) ?? (await wholeSnapshot(sql, itemId, generation, 1));
  const snapshotSeq = whole?.seq ?? 0;
  const rows = await readRows(sql, { itemId, generation, seq: snapshotSeq }, damaged, most);
  return {
    state: whole?.state ?? null,
    seq: rows.at(-1)?.seq ?? snapshotSeq,
    tail: rows.flatMap((row) => row.edits.map((edit) => edit.update)),
    snapshotSeq,
  };
}

async function wholeSnapshot(sql: Db, itemId: string, generation: number, before: 0 | 1) {
  const snapshot = await snapshotOf(sql, itemId, generation, before);
  return snapshot && sha256(snapshot.state).equals(snapshot.sha256) ? snapshot : undefined;
}

/**
 * The item's Yjs document as far as its journal is whole, for whoever only reads; `lost` counts the rows that are
 * not. Edits that stand on a lost one are not in it.
 */
export async function readKept(
  sql: Db,
  itemId: string,
  generation: number,
): Promise<{ doc: Y.Doc; lost: number }> {
  const { lost, ...loaded } = await loadKept(sql, itemId, generation);
  const doc = new Y.Doc();
  applyLoaded(doc, loaded);
  return { doc, lost };
}

/** The item's Yjs document as it stands in the journal. Throws `journal.damaged`. */
export async function readDocument(sql: Db, itemId: string, generation: number): Promise<Y.Doc> {
  const doc = new Y.Doc();
  applyLoaded(doc, await load(sql, itemId, generation));
  return doc;
}

/** Puts what was loaded into a document, in one transaction: many times faster than one update after the other. */
export function applyLoaded(doc: Y.Doc, loaded: Pick<Loaded, 'state' | 'tail'>, origin?: unknown): void {
  doc.transact(() => {
    if (loaded.state) Y.applyUpdateV2(doc, loaded.state, origin);
    for (const update of loaded.tail) Y.applyUpdate(doc, update, origin);
  }, origin);
}

/** The rows after `seq`, in order and without a gap. Throws `journal.damaged` when one is missing or broken. */
export async function rowsAfter(
  sql: Db,
  itemId: string,
  generation: number,
  seq: number,
): Promise<JournalRow[]> {
  return readRows(sql, { itemId, generation, seq }, refuse);
}

const DAMAGED = 'journal.damaged';

export const isDamaged = (error: unknown): boolean => (error as { code?: string }).code === DAMAGED;

/** Is told of rows that are missing or broken, and how many. */
type OnDamage = (what: string, rows: number) => void;

const refuse: OnDamage = (what) => {
  throw new Conflict(DAMAGED, what);
};

async function readRows(
  sql: Db,
  { itemId, generation, seq }: { itemId: string; generation: number; seq: number },
  damaged: OnDamage,
  most = Infinity,
): Promise<JournalRow[]> {
  const rows: JournalRow[] = [];
  for (let last = seq; ;) {
    const size = Math.min(PAGE, most - rows.length);
    const { head, rows: page } = await rowsPage(sql, itemId, generation, last, size);
    for (const { seq: at, updates, checksum } of page) {
      if (at !== last + 1) damaged(`Row ${last + 1} of ${itemId} is missing`, at - last - 1);
      last = at;
      const edits = unpack(updates, checksum);
      if (edits) rows.push({ seq: at, edits });
      else damaged(`Row ${at} of ${itemId} is broken`, 1);
    }
    if (page.length < size && last < head)
      damaged(`Rows up to ${head} of ${itemId} are missing`, head - last);
    if (page.length < size || rows.length >= most) return rows;
  }
}

/** How far each of these items has been written; items nobody has written are absent. */
export async function heads(sql: Db, items: { itemId: string; generation: number }[]): Promise<Head[]> {
  return items.length > 0 ? headsOf(sql, items) : [];
}

/**
 * Stores the merged state up to and including `seq` (V2 encoding). One insert, so a crash leaves the old one; a
 * generation that has ended since is left alone. The newest two are kept. `wire` is the same for pages that open the
 * item (V1): without it they wait for what an earlier snapshot left and everything since.
 */
export async function writeSnapshot(
  sql: Db,
  snapshot: { itemId: string; generation: number; seq: number; state: Uint8Array; wire?: Uint8Array },
): Promise<void> {
  const { wire } = snapshot;
  await insertSnapshot(sql, { ...snapshot, sha256: sha256(snapshot.state) });
  await dropOldSnapshots(sql, snapshot.itemId, snapshot.generation);
  if (wire) await putWire(sql, { ...snapshot, wire, checksum: checksumOf(wire) });
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
