import { type Ending, ENDING_DAYS, type Unanswered } from '@engawa/schema';
import { type Ctx, personOf } from '../ctx.ts';
import { reachOf } from '../grants/index.ts';
import { endingWithin, unansweredBy } from './needs.sql.ts';

/**
 * Invitations that the caller sent, that nobody took, and about which they may still do something: those where they
 * hold `share` today. Oldest first.
 */
export async function unanswered(ctx: Ctx): Promise<Unanswered[]> {
  return unansweredBy(ctx.sql, personOf(ctx), await reachOf(ctx, 'share'));
}

/** Guests whose access ends within 14 days, wherever the caller holds `share` and could prolong it. Soonest first. */
export async function endingSoon(ctx: Ctx): Promise<Ending[]> {
  return endingWithin(ctx.sql, personOf(ctx), ENDING_DAYS, await reachOf(ctx, 'share'));
}
