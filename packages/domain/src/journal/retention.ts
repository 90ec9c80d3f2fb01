import * as Y from 'yjs';
import type { Ctx } from '../ctx.ts';
import { dropRows, oldRows } from './journal.sql.ts';
import { applyLoaded, load, writeSnapshot } from './load.ts';

/** Days after which single edits are merged into the item's state: nobody's typing can be replayed for longer. */
export const REPLAY_DAYS = 30;

/**
 * A job: merges the edits of the oldest `limit` items that hold any from before. The merged state is stored first, so
 * a crash at any point leaves an item that loads. Returns how many items were done; damaged ones are left as they are,
 * for `repairItem`. Called by the worker alone; no request reaches it.
 */
export async function mergeOldEdits(ctx: Ctx, limit = 100): Promise<{ merged: number; damaged: number }> {
  const found = { merged: 0, damaged: 0 };
  for (const { itemId, generation, seq } of await oldRows(ctx.sql, REPLAY_DAYS, limit)) {
    try {
      const loaded = await load(ctx.sql, itemId, generation);
      const kept = loaded.snapshotSeq >= seq;
      if (!kept) {
        const doc = new Y.Doc();
        applyLoaded(doc, loaded);
        const state = Y.encodeStateAsUpdateV2(doc);
        const wire = Y.encodeStateAsUpdate(doc);
        doc.destroy();
        await writeSnapshot(ctx.sql, { itemId, generation, seq: loaded.seq, state, wire });
      }
      await dropRows(ctx.sql, itemId, generation, seq);
      found.merged += 1;
    } catch (error) {
      if ((error as { code?: string }).code !== 'journal.damaged') throw error;
      found.damaged += 1;
    }
  }
  return found;
}
