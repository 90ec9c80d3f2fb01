import { getRequestEvent } from '$app/server';
import type { Handle } from '@sveltejs/kit/hooks';
import { createCtx, keepable, type Ctx } from '@engawa/domain';
import { aboutOf, isKeepable, KEEP_HEADER, NO_END, NOBODY, PERSON_HEADER } from '#lib/offline/addresses.ts';

/**
 * Says on every page whose it is, and, to a device that asks, whether it may keep the page and until when. The device
 * keeps nothing on its own account: no word from here, no copy there.
 */
export const keeping: Handle = async ({ event, resolve }) => {
  const response = await resolve(event);
  if (!response.headers.get('content-type')?.startsWith('text/html')) return response;
  const { caller } = event.locals;
  response.headers.set(PERSON_HEADER, caller.kind === 'session' ? caller.personId : NOBODY);
  if (caller.kind === 'session' && response.status === 200 && isAsked(event)) {
    const end = await endOf(createCtx(caller), event.url.pathname);
    if (end) response.headers.set(KEEP_HEADER, end);
  }
  return response;
};

/**
 * Of rows from all spaces, those that belong on this answer: a page that a device is to keep holds nothing of spaces
 * that forbid it.
 */
export async function keptRows<T>(ctx: Ctx, rows: T[], spaceOf: (row: T) => string): Promise<T[]> {
  if (!isAsked(getRequestEvent())) return rows;
  const ids = [...new Set(rows.map(spaceOf))].slice(0, 200);
  const allowed = new Set((await keepable(ctx, { ids })).map(({ id }) => id));
  return rows.filter((row) => allowed.has(spaceOf(row)));
}

const isAsked = ({ request }: { request: Request }): boolean => request.headers.has(KEEP_HEADER);

async function endOf(ctx: Ctx, path: string): Promise<string | null> {
  if (!isKeepable(path)) return null;
  const about = aboutOf(path);
  if (about === null) return NO_END;
  const [found] = await keepable(ctx, { ids: [about] });
  return found ? (found.until?.toISOString() ?? NO_END) : null;
}
