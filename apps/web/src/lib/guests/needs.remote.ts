import * as domain from '@engawa/domain';
import * as v from 'valibot';
import { read } from '#lib/server/endpoint.ts';

const Nothing = v.optional(v.undefined());

/** Invitations that the reader sent and nobody took. */
export const unanswered = read(Nothing, (ctx) => domain.unanswered(ctx));

/** Guests whose access ends soon, where the reader could prolong it. */
export const endingSoon = read(Nothing, (ctx) => domain.endingSoon(ctx));
