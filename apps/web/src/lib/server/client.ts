import { getRequestEvent } from '$app/server';
import type { Client } from '@engawa/schema';

/** Where the request comes from, for rate limits and the list of sessions. */
export function clientNow(): Client {
  const event = getRequestEvent();
  return { ip: event.getClientAddress(), userAgent: event.request.headers.get('user-agent') ?? '' };
}

/** A path of this app to go to after signing in; anything else leads home (no open redirect). */
export function safePath(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : '/';
}
