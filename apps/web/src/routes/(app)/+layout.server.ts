import { redirect } from '@sveltejs/kit';
import { createCtx, me, setupState } from '@engawa/domain';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, url }) => {
  const ctx = createCtx(locals.caller);
  if (locals.caller.kind !== 'anonymous') return { me: await me(ctx) };
  if ((await setupState(ctx)).needed) redirect(303, '/setup');
  const next = url.pathname + url.search;
  redirect(303, next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`);
};
