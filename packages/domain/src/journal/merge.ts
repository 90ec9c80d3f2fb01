import type { Sql } from '@engawa/db';
import { load, writeSnapshot } from './load.ts';
import type { Merger } from './merger.ts';

/**
 * Rows that are merged at once: what is in memory meanwhile, and how long handing it to the thread takes, does not depend
 * on how long the journal has grown.
 */
const AT_ONCE = 5_000;

/**
 * Merges what an item's journal has grown by into a snapshot, in the merger's thread; a long journal step by step, each
 * step kept. A crash at any point leaves an item that loads. Returns the seq that the newest snapshot reaches. Throws
 * `journal.damaged`.
 */
export async function mergeTail(
  sql: Sql,
  merger: Merger,
  { itemId, generation }: { itemId: string; generation: number },
  atOnce = AT_ONCE,
): Promise<number> {
  for (;;) {
    const { state, tail, seq, snapshotSeq } = await load(sql, itemId, generation, atOnce);
    if (seq > snapshotSeq)
      await writeSnapshot(sql, { itemId, generation, seq, ...(await merger.merge(state, tail)) });
    if (seq - snapshotSeq < atOnce) return seq;
  }
}
