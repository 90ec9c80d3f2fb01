import type { Handle } from '@sveltejs/kit/hooks';
import { services } from '@engawa/domain';

const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Addresses of invitations and resets are keys: they leave with no link and no picture.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};

/** Headers of every answer; the content security policy is SvelteKit's, with a nonce for each page. */
export const headers: Handle = async ({ event, resolve }) => {
  const response = await resolve(event);
  for (const [name, value] of Object.entries(ALWAYS))
    // A file is shown within our own pages, and says so itself.
    if (!response.headers.has(name)) response.headers.set(name, value);
  response.headers.set('x-request-id', event.locals.requestId);
  if (services().origin.startsWith('https:')) {
    response.headers.set('strict-transport-security', 'max-age=31536000');
  }
  // What somebody may see now they may not see later: no page stays in a cache.
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    response.headers.set('cache-control', 'private, no-store');
  }
  return response;
};
