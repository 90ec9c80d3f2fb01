import * as domain from '@engawa/domain';
import * as v from 'valibot';
import { read } from '#lib/server/endpoint.ts';
import { keptRows } from '#lib/server/keeping.ts';

const Nothing = v.optional(v.undefined());

/** Invitations that the reader sent and nobody took. */
export const unanswered = read(Nothing, async (ctx) =>
  keptRows(ctx, await domain.unanswered(ctx), (row) => row.spaceId),
);

/** Guests whose access ends soon, where the reader could prolong it. */
export const endingSoon = read(Nothing, async (ctx) =>
  keptRows(ctx, await domain.endingSoon(ctx), (row) => row.spaceId),
);
