import type { Document } from '@hocuspocus/server';
import type { OpenDocuments } from '../documents/open-documents.ts';
import type { Link } from '../sockets/link.ts';
import type { Tail } from './tail.ts';

/**
 * Answers a page that has nothing yet with the stored bytes. False when there are none, or the document has been made
 * of them: then Hocuspocus answers.
 */
export function createAnswer(documents: OpenDocuments, tail: Tail) {
  return async (link: Link, document: Document): Promise<boolean> => {
    const open = documents.of(document);
    if (!open?.stored) return false;
    // What cannot be read now, Hocuspocus asks for again, and says so.
    await tail.catchUp(open, link.since).catch(() => {});
    if (!open.stored || open.readAt < link.since) return false;
    for (const message of open.stored.answer) link.send(message);
    return true;
  };
}
