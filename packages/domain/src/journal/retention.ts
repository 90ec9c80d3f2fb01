import type { Ctx } from '../ctx.ts';
import { dropRows, oldRows } from './journal.sql.ts';
import { isDamaged } from './load.ts';
import { mergeTail } from './merge.ts';
import { Merger } from './merger.ts';

/** Days after which single edits are merged into the item's state: nobody's typing can be replayed for longer. */
export const REPLAY_DAYS = 30;

/**
 * A job: merges the edits of all items that hold any from before, `atOnce` items a look. The merged state is stored
 * first, so a crash at any point leaves an item that loads. Returns how many items were done; damaged ones are left as
 * they are, for `repairItem`, and keep no other from being met. Called by the worker alone; no request reaches it.
 */
export async function mergeOldEdits(
  { sql }: Ctx,
  atOnce = 100,
): Promise<{ merged: number; damaged: number }> {
  const found = { merged: 0, damaged: 0 };
  const merger = new Merger();
  try {
    for (let items = await oldRows(sql, REPLAY_DAYS, atOnce); items.length > 0;) {
      for (const item of items) {
        try {
          if ((await mergeTail(sql, merger, item)) >= item.seq)
            await dropRows(sql, item.itemId, item.generation, item.seq);
          found.merged += 1;
        } catch (error) {
          if (!isDamaged(error)) throw error;
          found.damaged += 1;
        }
      }
      items = await oldRows(sql, REPLAY_DAYS, atOnce, items.at(-1));
    }
  } finally {
    await merger.stop();
  }
  return found;
}
