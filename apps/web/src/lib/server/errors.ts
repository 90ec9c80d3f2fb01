import type { CaughtError } from '@sveltejs/kit/hooks';
import type { RequestEvent } from '@sveltejs/kit';
import type { Locale } from '@engawa/i18n';
import { isMessageKey, say } from '@engawa/i18n/say';
import { EngawaError } from '@engawa/schema';

const BY_STATUS: Record<number, string> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'gone',
  429: 'too_many',
};

/** What to tell a person for a code: its own sentence, else the one of its class, else a general one. */
export function errorText(
  locale: Locale,
  code: string,
  status: number,
  details: Record<string, unknown> = {},
): string {
  const params = Object.fromEntries(
    Object.entries(details).filter(([, value]) => ['string', 'number'].includes(typeof value)),
  ) as Record<string, string | number>;
  const own = `errors_${code.replaceAll('.', '_')}`;
  if (isMessageKey(own)) return say(locale, own, params);
  const general = `errors_${BY_STATUS[status] ?? 'unknown'}`;
  return say(locale, isMessageKey(general) ? general : 'errors_unknown');
}

/** The one place where an error becomes what a page shows: expected ones speak, others go to the log with a number. */
export function describeError(caught: CaughtError & { event: RequestEvent }): App.Error {
  const { locale = 'ja', requestId } = caught.event.locals;
  if (caught.kind === 'unknown' && caught.error instanceof EngawaError) {
    const { code, status, details } = caught.error;
    return { code, status, message: errorText(locale, code, status, details) };
  }
  if (caught.kind === 'unknown' && isUnreadable(caught.event)) {
    return { code: 'invalid', status: 400, message: errorText(locale, 'invalid', 400) };
  }
  if (caught.kind === 'unknown') {
    console.error(JSON.stringify({ level: 'error', requestId, route: caught.event.route.id }), caught.error);
    return { code: 'unknown', status: 500, message: errorText(locale, 'unknown', 500), requestId };
  }
  const status = caught.error.status;
  const code =
    caught.kind === 'validation'
      ? (caught.issues[0]?.message ?? 'invalid')
      : (BY_STATUS[status] ?? 'unknown');
  return { code, status, message: errorText(locale, code, status) };
}

/**
 * A remote function's request that failed after all hooks and before any schema or verb of ours was asked: its body or
 * its arguments cannot be read, and SvelteKit throws whatever the reading threw. Nobody's fault but the sender's.
 */
function isUnreadable({ isRemoteRequest, url, locals }: RequestEvent): boolean {
  const remote = isRemoteRequest || url.searchParams.has('/remote');
  // `locale` is what the last hook sets.
  return remote && locals.locale !== undefined && !locals.asked;
}
