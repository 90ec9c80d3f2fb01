import { append, applyLoaded, type Services } from '@engawa/domain';
import { isKnown, newsOf, type News } from '../documents/news.ts';
import { whole, wroteInto, type OpenDocument } from '../documents/open-documents.ts';
import { JOURNAL_ORIGIN } from '../documents/origin.ts';
import { commitSeconds, editsTotal } from '../metrics.ts';
import type { IncomingUpdate } from '../sockets/frames.ts';
import { Refusal } from '../access/identify.ts';
import type { Link } from '../sockets/link.ts';
import { requireLeases } from './leases.ts';
import { requireRoom } from './room.ts';
import type { Tail } from './tail.ts';

/** Client ids that are new in one write: one for each page load since it was last connected, and then some. */
const MAX_CLIENTS = 1_000;

/**
 * Writes updates of one link into the journal, in one row. Resolves when they are durable and applied; throws when they
 * may not be written, before anything was, or cannot be.
 */
export type Write = (link: Link, open: OpenDocument, updates: IncomingUpdate[]) => Promise<void>;

export function createWrite(services: Services, tail: Tail, most: number): Write {
  return async (link, open, incoming) => {
    const person = link.identity!.person.id;
    const foreign = (news: News) => news.clients.some((id) => open.leases.get(id) !== person);
    const document = whole(open);
    let news = newsOf(document, incoming);
    // Edits of others, or a gap, may only mean that another node knows more.
    if (news.gap || foreign(news)) {
      await tail.catchUp(open);
      news = newsOf(document, incoming);
    }
    if (news.gap) throw new Refusal('behind', 'the edit stands on others that are missing');
    if (isKnown(news)) return;
    if (news.clients.length > MAX_CLIENTS) throw new Refusal('refused', 'more client ids than a page has');
    if (foreign(news)) await requireLeases(services.sql, open, news.clients, person);
    const fault = link.identity!.kind.faultIn(news.structs, document);
    if (fault) throw new Refusal('refused', fault);
    const bytes = incoming.reduce((sum, { update }) => sum + update.byteLength, 0);
    // Deletions pass: they are how a full item becomes smaller.
    if (news.structs.length > 0) await requireRoom(services.sql, open, bytes, most);
    await appendTo(open, person, incoming, bytes);
  };

  async function appendTo(
    open: OpenDocument,
    author: string,
    incoming: IncomingUpdate[],
    bytes: number,
  ): Promise<void> {
    const { itemId, generation } = open;
    const updates = incoming.map(({ update }) => update);
    const done = commitSeconds.startTimer();
    const row = await append(services, { itemId, generation, author, updates });
    done();
    editsTotal.inc(updates.length);
    await applySoon(open, updates);
    open.tail.rows += 1;
    open.tail.bytes += bytes;
    open.bytes += bytes;
    wroteInto(open, row, updates.length);
  }
}

/**
 * What one commit brought is applied in one transaction, whoever it is of: one broadcast, and half the work. They all
 * hear of the commit in one turn of the event loop, so that nobody waits for it.
 */
function applySoon(open: OpenDocument, updates: Uint8Array[]): Promise<void> {
  open.arrived.updates.push(...updates);
  open.arrived.applied ??= Promise.resolve().then(() => {
    const { updates: tail } = open.arrived;
    open.arrived = { updates: [], applied: null };
    applyLoaded(open.document, { state: null, tail }, JOURNAL_ORIGIN);
  });
  return open.arrived.applied;
}
