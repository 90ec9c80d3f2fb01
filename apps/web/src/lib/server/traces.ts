import type { Handle } from '@sveltejs/kit/hooks';
import { traced } from '@engawa/domain';

/** Where traces are configured: which route a request came to, in the words of the code, which hold no ids. */
export const traces: Handle = ({ event, resolve }) =>
  traced(event.isRemoteRequest ? 'remote' : `route ${event.route.id ?? 'none'}`, {}, () => resolve(event));
