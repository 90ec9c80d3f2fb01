import type { Document, Extension } from '@hocuspocus/server';
import { removeAwarenessStates } from 'y-protocols/awareness';
import { countRefusedFrame } from '../metrics.ts';
import type { Link } from '../sockets/link.ts';
import type { LinkContext } from './context.ts';

/**
 * Carets. A connection speaks for one client id only, in the fields the frame check left; who it is, the server says.
 * What it says of others (a peer's time-out, for one) is left out.
 */
export function awareness(linksOf: (document: Document) => Link[]): Extension<LinkContext> {
  return {
    async beforeHandleAwareness({ context, document, states }) {
      const link = context?.link;
      const entries = link?.awareness.shift() ?? [];
      if (!link?.identity) return states.clear();
      const others = linksOf(document).filter((other) => other !== link);
      const ownId = link.awarenessId ?? claim(link, others, entries);
      const own = entries.find((entry) => entry.clientId === ownId);
      // A page's very first state (clock 0) is empty, and y-protocols leaves it out.
      const said = own && states.has(own.clientId);
      // Hocuspocus adds a state of its own to every frame; only what is put back here goes out.
      states.clear();
      if (!own) return;
      if (own.state && said) states.set(own.clientId, { ...own.state, user: link.identity.person });
      if (!own.state) removeAwarenessStates(document.awareness, [own.clientId], null);
    },
  };
}

/**
 * The first state a page sends is its own, unless somebody else is already speaking by that id. Then it is not heard:
 * which of the two is right is not known here, and neither may cost the other the connection.
 */
function claim(link: Link, others: Link[], entries: Link['awareness'][number]): number | null {
  const first = entries.find((entry) => entry.state);
  if (!first) return null;
  const holder = others.find((other) => other.awarenessId === first.clientId && !other.ended);
  if (holder) {
    if (holder.identity?.person.id !== link.identity?.person.id) {
      countRefusedFrame('caret');
      return null;
    }
    // The same page, come back before its old socket was missed.
    holder.end('behind', 'replaced by a newer connection');
  }
  link.awarenessId = first.clientId;
  return first.clientId;
}
