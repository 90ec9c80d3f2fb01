import type { Link } from '../sockets/link.ts';

/** What Hocuspocus carries from hook to hook for a connection. */
export interface LinkContext {
  link: Link;
}
