import { redirect } from '@sveltejs/kit';
import { createCtx, setupState } from '@engawa/domain';
import { safePath } from '#lib/server/client.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  if (locals.caller.kind !== 'anonymous') redirect(303, safePath(url.searchParams.get('next')));
  if ((await setupState(createCtx(locals.caller))).needed) redirect(303, '/setup');
};
