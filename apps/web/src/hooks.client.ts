import type { HandleClientError } from '@sveltejs/kit/hooks';
import { isLocale } from '@engawa/i18n';
import { askPatiently } from '#lib/live/patient-fetch.ts';
import { line } from '#lib/offline/line.svelte.ts';
import { keepEarlyTyping } from '#lib/shell/early-typing.ts';
import { m } from '#lib/paraglide/messages.js';
import { overwriteGetLocale } from '#lib/paraglide/runtime.js';

// The server decided the language and wrote it on the page; the browser only follows.
const spoken = document.documentElement.lang;
overwriteGetLocale(() => (isLocale(spoken) ? spoken : 'ja'));

window.fetch = askPatiently(window.fetch, line);
keepEarlyTyping();

export const handleError: HandleClientError = (caught) => {
  // What stands before the server answers in its own words, and not in the reader's.
  if (caught.kind !== 'unknown') return { code: 'unknown', message: m.errors_unknown() };
  console.error(caught.error);
  const offline = !navigator.onLine || caught.error instanceof TypeError;
  return offline
    ? { code: 'offline', status: 503, message: m.errors_offline() }
    : { code: 'unknown', message: m.errors_unknown() };
};
