import * as domain from '@engawa/domain';
import { FindInput } from '@engawa/schema';
import { read } from '#lib/server/endpoint.ts';

/** Spaces, people and items everywhere whose names hold what was typed. */
export const findByName = read(FindInput, (ctx, input) => domain.findByName(ctx, input));
