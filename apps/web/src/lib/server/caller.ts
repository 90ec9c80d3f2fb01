import type { Cookies } from '@sveltejs/kit';
import type { Handle } from '@sveltejs/kit/hooks';
import { callerOf, services } from '@engawa/domain';
import { sessionCookieName, type SignedIn } from '@engawa/schema';

/** The cookie outlives the session on purpose: the database alone says when a session ends. */
const COOKIE_DAYS = 180;

/** Who asks, from the session cookie; nobody when it is missing, unknown or ended. */
export const caller: Handle = async ({ event, resolve }) => {
  const token = event.cookies.get(sessionCookieName(services().origin));
  event.locals.caller = token ? await callerOf(services(), token) : { kind: 'anonymous' };
  return resolve(event);
};

const secure = (): boolean => services().origin.startsWith('https:');

export function keepSession(cookies: Cookies, session: SignedIn): void {
  cookies.set(sessionCookieName(services().origin), session.token, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: secure(),
    maxAge: COOKIE_DAYS * 24 * 60 * 60,
  });
}

export function forgetSession(cookies: Cookies): void {
  cookies.delete(sessionCookieName(services().origin), { path: '/', secure: secure() });
}
