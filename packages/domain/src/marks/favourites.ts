import { type Found, NotFound, parse, StarInput } from '@engawa/schema';
import { type Ctx, inside, personOf } from '../ctx.ts';
import { reachOf, requireAccess } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import { setStar, starredBy } from './marks.sql.ts';

/** The caller's own stars that they may know of today: spaces, then items, by name. */
export async function favourites(ctx: Ctx): Promise<Found[]> {
  return starredBy(ctx.sql, personOf(ctx), await reachOf(ctx, 'discover'));
}

/**
 * Puts a star on an item or a space, or takes it off; for the caller alone. Needs `discover`. The ledger row names no
 * space: it is nobody's news. Doing it twice is fine.
 */
export async function star(ctx: Ctx, input: StarInput): Promise<void> {
  const { id, starred } = parse(StarInput, input);
  const by = personOf(ctx);
  await ctx.sql.begin(async (tx) => {
    const { objectId, objectKind } = await requireAccess(inside(ctx, tx), 'discover', id);
    if (objectKind === 'organisation') throw new NotFound();
    if (!(await setStar(tx, by, objectId, starred))) return;
    const verb = starred ? 'marks.starred' : 'marks.unstarred';
    await record(tx, ctx, { verb, objectKind: 'person', objectId: by, ids: { object: objectId } });
  });
}
