import * as domain from '@engawa/domain';
import { ItemIdInput, LeaveTourInput, StarInput } from '@engawa/schema';
import * as v from 'valibot';
import { act, read } from '#lib/server/endpoint.ts';
import { keptRows } from '#lib/server/keeping.ts';

const Nothing = v.optional(v.undefined());

/** What the reader has put a star on. */
export const favourites = read(Nothing, async (ctx) =>
  keptRows(ctx, await domain.favourites(ctx), (row) => row.spaceId),
);

/** What the reader opened last. */
export const recent = read(Nothing, async (ctx) =>
  keptRows(ctx, await domain.recent(ctx), (row) => row.spaceId),
);

/** What others changed since the reader last opened it, in all spaces. */
export const unread = read(Nothing, (ctx) => domain.unread(ctx));

export const star = act(StarInput, domain.star, [favourites]);

export const visit = act(ItemIdInput, domain.visit, [unread]);

/** Places that the reader has not been introduced to. */
export const tour = read(Nothing, (ctx) => domain.tour(ctx));

export const leaveTour = act(LeaveTourInput, domain.leaveTour, [tour]);
