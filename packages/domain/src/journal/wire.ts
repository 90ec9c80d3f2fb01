import type { Db } from '@engawa/db';
import { mergeUpdates } from 'yjs';
import { wireOf } from './journal.sql.ts';
import { isDamaged, rowsAfter } from './load.ts';
import { checksumOf } from './pack.ts';

/** An item's content as a page is sent it (V1): nobody has to decode it on the way. */
export interface Wire {
  /** Everything up to some snapshot. */
  state: Uint8Array;
  /** What came after it, merged; null when nothing did. */
  tail: Uint8Array | null;
  /** The seq that both reach together, and how many rows the tail was. */
  seq: number;
  rows: number;
}

/** The item's content for the wire; null when no snapshot has left one, or it is not whole: then `load` says more. */
export async function loadWire(sql: Db, itemId: string, generation: number): Promise<Wire | null> {
  const kept = await wireOf(sql, itemId, generation);
  if (!kept || checksumOf(kept.state) !== kept.checksum) return null;
  try {
    const rows = await rowsAfter(sql, itemId, generation, kept.seq);
    const updates = rows.flatMap((row) => row.edits.map((edit) => edit.update));
    const tail = updates.length > 0 ? mergeUpdates(updates) : null;
    return { state: kept.state, tail, seq: rows.at(-1)?.seq ?? kept.seq, rows: rows.length };
  } catch (error) {
    if (isDamaged(error)) return null;
    throw error;
  }
}
