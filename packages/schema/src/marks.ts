import * as v from 'valibot';
import { Id } from './ids.ts';

export const StarInput = v.object({ id: Id, starred: v.boolean() });

export type StarInput = v.InferInput<typeof StarInput>;

/** An item that others have changed since the person last opened it. */
export interface UnreadItem {
  id: string;
  spaceId: string;
}

/** Places that are introduced by one sentence when somebody first comes there. */
export const TOUR_PLACES = ['home', 'space', 'doc', 'board'] as const;

export type TourPlace = (typeof TOUR_PLACES)[number];

export const LeaveTourInput = v.object({
  places: v.pipe(v.array(v.picklist(TOUR_PLACES)), v.minLength(1), v.maxLength(TOUR_PLACES.length)),
});

export type LeaveTourInput = v.InferInput<typeof LeaveTourInput>;
