import { maskOf } from '@engawa/access';
import { BlockInput, Conflict, NotFound, parse, UnblockInput } from '@engawa/schema';
import { inside, personOf, type Ctx } from '../ctx.ts';
import { record } from '../ledger/index.ts';
import { requireAccess } from './access.ts';
import { bumpEpoch } from './epochs.ts';
import { lockGrantsOf, othersHolding, principalExists, putBlock, removeBlock } from './grants.sql.ts';

/** Keeps a person out of a space, whatever else is granted to them. Needs `manage`; the reason is kept. A space keeps a manager. */
export async function block(ctx: Ctx, input: unknown): Promise<void> {
  const { spaceId, personId, reason } = parse(BlockInput, input);
  await ctx.sql.begin(async (tx) => {
    await requireAccess(inside(ctx, tx), 'manage', spaceId);
    if (!(await principalExists(tx, 'person', personId))) throw new NotFound('grants.no_principal');
    await lockGrantsOf(tx, spaceId);
    const managers = () => othersHolding(tx, spaceId, null, maskOf('manage'));
    const before = await managers();
    await putBlock(tx, spaceId, personId, reason, personOf(ctx));
    if (before > 0 && (await managers()) === 0) {
      throw new Conflict('grants.last_manager', 'Nobody could let anyone in again');
    }
    await record(tx, ctx, {
      verb: 'grants.blocked',
      objectKind: 'space',
      objectId: spaceId,
      ids: { person: personId },
    });
    await bumpEpoch(tx, spaceId);
  });
}

/** Lets the person in again, with whatever is granted to them. Needs `manage`. */
export async function unblock(ctx: Ctx, input: unknown): Promise<void> {
  const { spaceId, personId } = parse(UnblockInput, input);
  await ctx.sql.begin(async (tx) => {
    await requireAccess(inside(ctx, tx), 'manage', spaceId);
    if (!(await removeBlock(tx, spaceId, personId))) throw new NotFound();
    await record(tx, ctx, {
      verb: 'grants.unblocked',
      objectKind: 'space',
      objectId: spaceId,
      ids: { person: personId },
    });
    await bumpEpoch(tx, spaceId);
  });
}
