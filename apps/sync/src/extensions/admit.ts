import type { Document } from '@hocuspocus/server';
import { endOf, Refusal } from '../access/identify.ts';
import { isKnown, newsOf } from '../documents/news.ts';
import { whole, type OpenDocument, type OpenDocuments } from '../documents/open-documents.ts';
import { countReadOnly } from '../metrics.ts';
import type { IncomingUpdate } from '../sockets/frames.ts';
import type { Link } from '../sockets/link.ts';
import type { Tail } from './tail.ts';
import type { Write } from './write.ts';

/**
 * The edits of a link: they are durable before they are applied, acked or shown to anybody. They do not pass Hocuspocus'
 * own queue, which would take a dozen promises and three decoders for each.
 */
export function createAdmit(documents: OpenDocuments, write: Write, tail: Tail) {
  async function settle(link: Link, open: OpenDocument, updates: IncomingUpdate[]): Promise<void> {
    // Who only reads answers the server's question with nothing.
    if (updates.every(isEmpty)) return link.ack(true, updates.length);
    // What is known already is acked to anybody: it may have been written together with an earlier one.
    if (!link.mayWrite) {
      for (const update of updates) {
        const known = isKnown(newsOf(whole(open), [update]));
        if (!known) countReadOnly();
        link.ack(known);
      }
      return;
    }
    try {
      await write(link, open, updates);
    } catch (error) {
      if (!(error instanceof Refusal) || updates.length === 1) throw error;
      // One of them is at fault: those before it are kept.
      const half = updates.length >> 1;
      await settle(link, open, updates.slice(0, half));
      return settle(link, open, updates.slice(half));
    }
    link.ack(true, updates.length);
  }

  return async (link: Link, document: Document, updates: IncomingUpdate[]): Promise<void> => {
    const open = documents.of(document);
    if (!open) return link.end('behind', 'the document was unloaded');
    open.pending += 1;
    try {
      await settle(link, open, updates);
    } catch (error) {
      // What was not acked is neither applied nor shown. The page still has it.
      const end = endOf(error);
      if (end === 'unavailable') link.log.error({ err: error }, 'an edit could not be written');
      link.end(end, (error as Error).message);
    } finally {
      open.pending -= 1;
      tail.settled(open);
    }
  };
}

function isEmpty({ structs, deletes }: IncomingUpdate): boolean {
  return structs.length === 0 && deletes.clients.size === 0;
}
