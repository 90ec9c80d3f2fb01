import { Conflict, type ItemIdInput as Input, ItemIdInput, parse } from '@engawa/schema';
import * as Y from 'yjs';
import { type Ctx, personOf } from '../ctx.ts';
import { bumpEpoch, requireAccess } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import { beginGeneration, lockHead } from './journal.sql.ts';
import { readKept } from './load.ts';
import { checksumOf, pack } from './pack.ts';

/**
 * Begins a new generation of an item whose journal is damaged, from everything that can still be read. Open pages are
 * closed, and offer what they had as a copy. Needs `manage`. Returns how many rows were lost. Errors: Conflict
 * `journal.whole` when nothing is damaged.
 */
export async function repairItem(ctx: Ctx, input: Input): Promise<{ lost: number }> {
  const { id } = parse(ItemIdInput, input);
  const { generation, spaceId } = await requireAccess(ctx, 'manage', id);
  return ctx.sql.begin(async (tx) => {
    const whole = new Conflict('journal.whole', 'Nothing of this is damaged');
    if (!generation || !(await lockHead(tx, id, generation))) throw whole;
    const { doc, lost } = await readKept(tx, id, generation);
    if (lost === 0) throw whole;
    const updates = pack([{ author: personOf(ctx), update: stateOf(doc) }]);
    const next = generation + 1;
    await beginGeneration(tx, { itemId: id, generation: next, updates, checksum: checksumOf(updates) });
    const data = { generation: next, lost };
    await record(tx, ctx, { verb: 'items.repaired', objectKind: 'item', objectId: id, spaceId, data });
    await bumpEpoch(tx, spaceId!);
    return { lost };
  });
}

/** Without what stands on lost edits: Yjs would send it along, and wait for them for ever. */
function stateOf(doc: Y.Doc): Uint8Array {
  doc.store.pendingStructs = null;
  doc.store.pendingDs = null;
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}
