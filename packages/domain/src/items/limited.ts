import { maskOf, ROLES } from '@engawa/access';
import { BreakInInput, type ItemRow, LimitItemInput, NotFound, parse } from '@engawa/schema';
import { type Ctx, inside, personOf } from '../ctx.ts';
import { accessOf, bumpEpoch, writeGrant } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import { hostOf, managersOn, placeOf, rebuildPaths, setLimited } from './items.sql.ts';
import { requireLocked } from './items.ts';
import { rowOf } from './tree.ts';

/** Hours for which an administrator who broke in stays. */
const BREAK_IN_HOURS = 24;

/**
 * Makes a folder or item limited (限定アクセス): what is granted above it does not count in it any more; or opens it
 * again. Needs `manage` on it. Whoever limits it becomes its manager where nobody is for good, so that somebody can
 * let others in.
 */
export async function limitItem(ctx: Ctx, input: LimitItemInput): Promise<ItemRow> {
  const { itemId, limited } = parse(LimitItemInput, input);
  return ctx.sql.begin(async (tx) => {
    const mine = inside(ctx, tx);
    const access = await requireLocked(mine, tx, 'manage', itemId);
    if (limited && (await managersOn(tx, itemId, maskOf('manage'))) === 0) {
      const principal = { kind: 'person' as const, id: personOf(ctx) };
      await writeGrant(tx, ctx, access, { principal, mask: ROLES.manager, expiresAt: null });
    }
    if (await setLimited(tx, itemId, limited)) {
      await rebuildPaths(tx, itemId);
      const verb = limited ? 'items.limited' : 'items.opened';
      await record(tx, ctx, { verb, objectKind: 'item', objectId: itemId, spaceId: access.spaceId });
      await bumpEpoch(tx, access.spaceId!);
    }
    return rowOf(mine, itemId);
  });
}

/**
 * Lets an administrator of the host into what is limited, as a manager for a day, with a reason that stays on the
 * grant; those who manage there see it in the activity (`items.broken_in`). For administrators of the host
 * organisation: to everybody else what they may not see does not exist.
 */
export async function breakIn(ctx: Ctx, input: BreakInInput): Promise<{ until: Date }> {
  const { itemId, reason } = parse(BreakInInput, input);
  const until = new Date(Date.now() + BREAK_IN_HOURS * 3_600_000);
  return ctx.sql.begin(async (tx) => {
    const mine = inside(ctx, tx);
    personOf(ctx);
    const place = await placeOf(tx, itemId);
    if (!place || place.trashRoot) throw new NotFound();
    const host = await accessOf(mine, await hostOf(tx, place.spaceId));
    if (!host?.can.manage) throw new NotFound();
    const objectId = place.accessPath.at(-1)!;
    if (objectId === host.objectId || (await accessOf(mine, itemId))?.can.manage) return { until };
    const where = { objectId, objectKind: 'item' as const, spaceId: place.spaceId, mask: ROLES.manager };
    const principal = { kind: 'person' as const, id: personOf(ctx) };
    await writeGrant(tx, ctx, where, { principal, mask: ROLES.manager, expiresAt: until, reason });
    const event = { objectKind: 'item' as const, objectId, spaceId: place.spaceId };
    await record(tx, ctx, { verb: 'items.broken_in', ...event });
    return { until };
  });
}
