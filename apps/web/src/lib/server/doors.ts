import type { RequestEvent } from '@sveltejs/kit';
import { Forbidden } from '@engawa/schema';
import { describeError } from './errors.ts';

// What every `+server.ts` door for files has in common: how it refuses, and whom.

/** Where another status says more to a client than that of the error's class. */
const STATUS: Record<string, number> = {
  'files.too_large': 413,
  'files.too_long': 413,
  'files.quota': 413,
  'files.store_full': 507,
};

/** The client hung up while it was sending: nobody is left to be told. */
export class HungUp extends Error {}

export type Extra = Record<string, string>;

/**
 * Does the work of a door. What goes wrong is answered as `application/problem+json` in the words of the reader:
 * `{ title, status, code, details }`. A browser that opened the address gets a page instead.
 */
export async function answering(
  event: RequestEvent,
  work: () => Promise<Response>,
  headers: Extra = {},
): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HungUp) return new Response(null, { status: 400, headers });
    if (opensPage(event.request)) throw error;
    const { code, message, status = 500, requestId } = describeError({ kind: 'unknown', error, event });
    const details = (error as { details?: Record<string, unknown> }).details ?? {};
    return problem({ title: message, status: STATUS[code] ?? status, code, details, requestId }, headers);
  }
}

interface Problem {
  /** The sentence for people. */
  title: string;
  status: number;
  /** For programs: stable. */
  code: string;
  details?: Record<string, unknown>;
  requestId?: string;
}

function problem({ status, ...told }: Problem, headers: Extra): Response {
  const wait: Extra = status === 503 ? { 'retry-after': '5' } : {};
  const { offset } = told.details ?? {};
  if (typeof offset === 'number') wait['upload-offset'] = String(offset);
  return new Response(JSON.stringify({ ...told, status }), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...wait,
      ...headers,
    },
  });
}

const opensPage = ({ method, headers }: Request): boolean =>
  method === 'GET' && (headers.get('accept') ?? '').includes('text/html');

/**
 * Turns away what another site makes a browser send. SvelteKit asks this for forms only; browsers name the origin
 * with everything that is not a GET.
 */
export function requireOwnOrigin({ request, url }: RequestEvent): void {
  if (request.headers.get('origin') !== url.origin)
    throw new Forbidden('forbidden', 'Only our own pages may do this');
}
