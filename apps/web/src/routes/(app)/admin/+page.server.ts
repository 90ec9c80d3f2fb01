import { redirect } from '@sveltejs/kit';
import { createCtx, me } from '@engawa/domain';
import type { PageServerLoad } from './$types';

/** Whoever looks after one organisation goes there; others choose. */
export const load: PageServerLoad = async ({ locals }) => {
  const { administrates } = await me(createCtx(locals.caller));
  const [only, another] = administrates;
  redirect(303, only && !another ? `/admin/${only.id}` : '/admin/organisations');
};
