import { redirect } from '@sveltejs/kit';
import { createCtx, setupState } from '@engawa/domain';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  if (!(await setupState(createCtx(locals.caller))).needed) {
    redirect(303, locals.caller.kind === 'anonymous' ? '/login?after=setup' : '/');
  }
  return { token: url.searchParams.get('token') ?? '' };
};
