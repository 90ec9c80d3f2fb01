import type { Document, Extension } from '@hocuspocus/server';
import { applyLoaded, load, loadWire, type Services } from '@engawa/domain';
import { whole, type OpenDocuments } from '../documents/open-documents.ts';
import { JOURNAL_ORIGIN } from '../documents/origin.ts';
import { Stored } from '../documents/stored.ts';
import { endOf } from '../access/identify.ts';
import type { Link } from '../sockets/link.ts';
import type { LinkContext } from './context.ts';
import type { Tail } from './tail.ts';

/** A document in memory is what the journal holds, never more: it may be dropped at any time. */
export function journal(
  services: Services,
  documents: OpenDocuments,
  tail: Tail,
  linksOf: (name: string) => Link[],
): Extension<LinkContext> {
  async function read(document: Document, itemId: string, generation: number) {
    const readAt = performance.now();
    const wire = await loadWire(services.sql, itemId, generation);
    if (wire) {
      const { seq, rows, tail } = wire;
      const stored = new Stored(document.name, wire);
      const after = tail?.byteLength ?? 0;
      const bytes = wire.state.byteLength + after;
      return { seq, readAt, stored, bytes, tail: { rows, bytes: after } };
    }
    const { seq, snapshotSeq, ...loaded } = await load(services.sql, itemId, generation);
    applyLoaded(document, loaded, JOURNAL_ORIGIN);
    // Whoever opens it is answered with all of it, and need not be sent it as a change too.
    document.flush();
    const after = loaded.tail.reduce((sum, update) => sum + update.byteLength, 0);
    const bytes = (loaded.state?.byteLength ?? 0) + after;
    return { seq, readAt, stored: null, bytes, tail: { rows: seq - snapshotSeq, bytes: after } };
  }

  return {
    async onLoadDocument({ document, context: { link } }) {
      const { itemId, generation } = link;
      link.identity!.kind.nameRoots(document);
      try {
        documents.open(document, { itemId, generation, ...(await read(document, itemId, generation)) });
      } catch (error) {
        // Whoever waits for this document waits in vain; Hocuspocus would leave their sockets open.
        for (const waiting of linksOf(link.name)) waiting.end(endOf(error), String(error));
        throw Object.assign(new Error(''), { reason: endOf(error) });
      }
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
        if (!open) return;
        await tail.catchUp(open, link.since);
        whole(open);
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
