import type { Document, Extension } from '@hocuspocus/server';
import { SYNC_CLOSE } from '@engawa/schema';
import { removeAwarenessStates } from 'y-protocols/awareness';
import { endOf } from '../access/identify.ts';
import type { Desk, Link } from '../sockets/link.ts';
import type { LinkContext } from './context.ts';

const nothing = () => Promise.resolve();

/**
 * Lets a link in once its person is known. The question was asked when the socket opened, from the cookie of the
 * upgrade request; the token in the greeting is not looked at.
 */
export function authenticate(
  whenKnown: (link: Link) => Promise<unknown>,
  deskOf: (document: Document) => Desk,
): Extension<LinkContext> {
  return {
    async onAuthenticate({ context: { link }, documentName, connectionConfig }) {
      try {
        if (documentName !== link.name) throw new Error('another document');
        await whenKnown(link);
        if (link.ended || !link.identity) throw new Error('ended');
        connectionConfig.readOnly = link.identity.readOnly;
      } catch (error) {
        const end = link.ended && link.ended !== 'closed' ? link.ended : endOf(error);
        setImmediate(() => link.end(end, String(error)));
        // Hocuspocus sends `reason` to the provider. Without a message it logs nothing: the link has.
        throw Object.assign(new Error(''), { reason: SYNC_CLOSE[end].reason });
      }
    },

    async connected({ context: { link }, connection, instance, documentName }) {
      // Nobody listens to these: without a callback Hocuspocus would parse the URL twice a message for them.
      connection.beforeHandleMessage(nothing).afterHandleMessage(nothing);
      connection.onClose((document, event) => {
        link.end('behind', event?.reason);
        if (link.awarenessId !== null) removeAwarenessStates(document.awareness, [link.awarenessId], null);
      });
      // Hocuspocus is never handed an edit; if it were, it would not apply it.
      connection.readOnly = true;
      link.opened(connection, deskOf(connection.document));
      // Hocuspocus may hand out a document in the very moment it unloads it.
      if (instance.documents.get(documentName) !== connection.document)
        link.end('behind', 'document was unloading');
    },
  };
}
