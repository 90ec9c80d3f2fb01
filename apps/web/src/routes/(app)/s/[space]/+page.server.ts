import { toHandIn } from '#lib/server/right-address.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  if (locals.caller.kind !== 'anonymous') await toHandIn(locals, params.space);
};
