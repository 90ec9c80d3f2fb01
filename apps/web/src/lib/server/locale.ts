import { AsyncLocalStorage } from 'node:async_hooks';
import { getRequestEvent } from '$app/server';
import type { Cookies } from '@sveltejs/kit';
import type { Handle } from '@sveltejs/kit/hooks';
import { services } from '@engawa/domain';
import { isLocale, localeFromHeader } from '@engawa/i18n';
import { THEMES, type Locale, type Theme } from '@engawa/schema';
import { overwriteServerAsyncLocalStorage } from '#lib/paraglide/runtime.js';

const LOCALE_COOKIE = 'engawa_locale';
const THEME_COOKIE = 'engawa_theme';

// Messages ask for the language of the request they are rendered in.
const speaking = new AsyncLocalStorage<{ locale: Locale }>();
overwriteServerAsyncLocalStorage(speaking as Parameters<typeof overwriteServerAsyncLocalStorage>[0]);

const isTheme = (value: unknown): value is Theme => THEMES.includes(value as Theme);

/** Language and appearance, from cookies that sign-in and the account page set; written on the page so that nothing flashes. */
export const localeAndTheme: Handle = ({ event, resolve }) => {
  const asked = event.cookies.get(LOCALE_COOKIE);
  const theme = event.cookies.get(THEME_COOKIE);
  const locale = isLocale(asked) ? asked : localeFromHeader(event.request.headers.get('accept-language'));
  event.locals.locale = locale;
  event.locals.theme = isTheme(theme) ? theme : 'system';
  // The locals themselves, not a copy: a form that chooses another language answers in it, without script too.
  return speaking.run(event.locals, () =>
    resolve(event, {
      transformPageChunk: ({ html }) =>
        html.replace('%engawa.lang%', event.locals.locale).replace('%engawa.theme%', event.locals.theme),
    }),
  );
};

/** Remembers a choice in this browser, for pages before sign-in too. */
export function keepLocaleAndTheme(
  cookies: Cookies,
  { locale, theme }: { locale?: Locale; theme?: Theme },
): void {
  const { locals } = getRequestEvent();
  const options = {
    path: '/',
    sameSite: 'lax',
    httpOnly: true,
    secure: services().origin.startsWith('https:'),
    maxAge: 400 * 24 * 60 * 60,
  } as const;
  if (locale) cookies.set(LOCALE_COOKIE, (locals.locale = locale), options);
  if (theme) cookies.set(THEME_COOKIE, (locals.theme = theme), options);
}
