import { LeaveTourInput, parse, TOUR_PLACES, type TourPlace } from '@engawa/schema';
import { type Ctx, personOf } from '../ctx.ts';
import { placesSeen, setPlacesSeen } from './marks.sql.ts';

/** Places that the caller has not been introduced to. Theirs alone. */
export async function tour(ctx: Ctx): Promise<TourPlace[]> {
  const seen = await placesSeen(ctx.sql, personOf(ctx));
  return TOUR_PLACES.filter((place) => !seen.includes(place));
}

/** The caller has read these sentences, or wants none of them. Twice is fine. */
export async function leaveTour(ctx: Ctx, input: LeaveTourInput): Promise<void> {
  const by = personOf(ctx);
  await setPlacesSeen(ctx.sql, by, parse(LeaveTourInput, input).places);
}
