import { Id, parse } from '@engawa/schema';
import * as v from 'valibot';
import { type Ctx, personOf } from '../ctx.ts';
import { reachOf, requireAccess } from '../grants/index.ts';
import { activityRows, type ActivityRow, latelyRows, type LatelyRow } from './activity.sql.ts';

const ActivityInput = v.object({
  spaceId: Id,
  before: v.optional(v.date()),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 30),
});

export type Activity = ActivityRow;
export type Lately = LatelyRow;

/** How far back, and how much, a person is told of when they come home. */
const DAYS = 14;
const LINES = 12;

/**
 * What happened in a space, newest first. A row about an item shows only to whoever may see that item, with its
 * title of now, and while it lies in the trash to whoever may take it out; who was let in and out shows to those who may share.
 */
export async function activity(ctx: Ctx, input: unknown): Promise<Activity[]> {
  const { spaceId, before, limit } = parse(ActivityInput, input);
  const access = await requireAccess(ctx, 'discover', spaceId);
  const [live, trash] = await Promise.all([reachOf(ctx, 'discover'), reachOf(ctx, 'delete')]);
  return activityRows(ctx.sql, spaceId, { live, trash }, access.can.share, before ?? null, limit);
}

/**
 * What others did lately over all spaces, one line an item, newest first; items that the caller may see today alone.
 * Who was let in or out is told in the space itself. For the person themself.
 */
export async function lately(ctx: Ctx): Promise<Lately[]> {
  return latelyRows(ctx.sql, personOf(ctx), await reachOf(ctx, 'discover'), DAYS, LINES);
}
