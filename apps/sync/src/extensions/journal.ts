import type { Extension } from '@hocuspocus/server';
import { applyLoaded, load, type Services } from '@engawa/domain';
import type { OpenDocuments } from '../documents/open-documents.ts';
import { endOf } from '../access/identify.ts';
import type { Link } from '../sockets/link.ts';
import type { LinkContext } from './context.ts';
import { JOURNAL_ORIGIN, type Tail } from './tail.ts';

/** A document in memory is what the journal holds, never more: it may be dropped at any time. */
export function journal(
  services: Services,
  documents: OpenDocuments,
  tail: Tail,
  linksOf: (name: string) => Link[],
): Extension<LinkContext> {
  return {
    async onLoadDocument({ document, context: { link } }) {
      const { itemId, generation } = link;
      const loaded = await load(services.sql, itemId, generation).catch((error) => {
        // Whoever waits for this document waits in vain; Hocuspocus would leave their sockets open.
        for (const waiting of linksOf(link.name)) waiting.end(endOf(error), String(error));
        throw Object.assign(new Error(''), { reason: endOf(error) });
      });
      applyLoaded(document, loaded, JOURNAL_ORIGIN);
      link.identity!.kind.nameRoots(document);
      const rows = loaded.seq - loaded.snapshotSeq;
      const bytes = loaded.tail.reduce((sum, update) => sum + update.byteLength, 0);
      documents.open(document, { itemId, generation, seq: loaded.seq }, { rows, bytes });
    },

    async afterLoadDocument({ document }) {
      // In place of Hocuspocus' own bookkeeping, which would set a timer to store the document on every edit.
      document.onUpdate((changed) => {
        changed.lastChangeTime = Date.now();
      });
    },

    /** A page asks (step 1): it is never shown less than another node has shown it before. */
    async beforeSync({ connection, context: { link }, document }) {
      try {
        const open = documents.of(document);
        if (open) await tail.catchUp(open);
      } catch (error) {
        connection.readOnly = true;
        link.end(endOf(error), (error as Error).message);
      }
    },

    async beforeUnloadDocument({ documentName }) {
      if ((documents.get(documentName)?.pending ?? 0) > 0) throw new Error('');
    },
  };
}
