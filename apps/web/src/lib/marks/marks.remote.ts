import * as domain from '@engawa/domain';
import { ItemIdInput, LeaveTourInput, StarInput } from '@engawa/schema';
import * as v from 'valibot';
import { act, read } from '#lib/server/endpoint.ts';

const Nothing = v.optional(v.undefined());

/** What the reader has put a star on. */
export const favourites = read(Nothing, (ctx) => domain.favourites(ctx));

/** What the reader opened last. */
export const recent = read(Nothing, (ctx) => domain.recent(ctx));

/** What others changed since the reader last opened it, in all spaces. */
export const unread = read(Nothing, (ctx) => domain.unread(ctx));

export const star = act(StarInput, domain.star, [favourites]);

export const visit = act(ItemIdInput, domain.visit, [unread]);

/** Places that the reader has not been introduced to. */
export const tour = read(Nothing, (ctx) => domain.tour(ctx));

export const leaveTour = act(LeaveTourInput, domain.leaveTour, [tour]);
