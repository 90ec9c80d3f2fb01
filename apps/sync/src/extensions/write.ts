import { append, type Services } from '@engawa/domain';
import { checkStructs, documentShape, findIn } from '@engawa/editor';
import { newsOf, type News } from '../documents/news.ts';
import { wroteRow, type OpenDocument } from '../documents/open-documents.ts';
import type { IncomingUpdate } from '../sockets/frames.ts';
import { Refusal } from '../access/identify.ts';
import type { Link } from '../sockets/link.ts';
import { requireLeases } from './leases.ts';
import type { Tail } from './tail.ts';

/** Writes one update of a link into the journal. Resolves when it is durable; throws when it may not, or cannot be. */
export type Write = (link: Link, open: OpenDocument, incoming: IncomingUpdate) => Promise<void>;

export function createWrite(services: Services, tail: Tail): Write {
  return async (link, open, incoming) => {
    const person = link.identity!.person.id;
    const foreign = (news: News) => news.clients.some((id) => open.leases.get(id) !== person);
    let news = newsOf(open.document, incoming);
    // Edits of others, or a gap, may only mean that another node knows more.
    if (news.gap || foreign(news)) {
      await tail.catchUp(open);
      news = newsOf(open.document, incoming);
    }
    if (news.gap) throw new Refusal('behind', 'the edit stands on others that are missing');
    if (news.structs.length === 0 && !news.deletes) return;
    if (foreign(news)) await requireLeases(services.sql, open, news.clients, person);
    const fault = checkStructs(news.structs, documentShape, findIn(open.document));
    if (fault) throw new Refusal('refused', fault);
    await appendTo(open, person, incoming.update);
  };

  async function appendTo(open: OpenDocument, author: string, update: Uint8Array): Promise<void> {
    const { itemId, generation } = open;
    open.pending += 1;
    try {
      const { seq } = await append(services, { itemId, generation, author, updates: [update] });
      wroteRow(open, seq, update.byteLength);
    } finally {
      // Hocuspocus applies the edit within this turn of the event loop.
      setImmediate(() => {
        open.pending -= 1;
        tail.settled(open);
      });
    }
  }
}
