import type { beforeSyncPayload } from '@hocuspocus/server';
import { Refusal } from '../access/identify.ts';
import { isKnown, newsOf } from '../documents/news.ts';
import type { OpenDocuments } from '../documents/open-documents.ts';
import { countReadOnly } from '../metrics.ts';
import type { IncomingUpdate } from '../sockets/frames.ts';
import type { LinkContext } from './context.ts';
import type { Write } from './write.ts';

/** Updates of one connection that share a row. */
const MAX_TOGETHER = { count: 1_000, bytes: 1 << 20 };

/**
 * Decides about one update before Hocuspocus applies and acks it, and has it written down. Afterwards
 * `connection.readOnly` says whether it is applied. Throws when the connection has to end.
 */
export function createAdmit(documents: OpenDocuments, write: Write) {
  return async ({
    connection,
    context: { link },
    document,
  }: beforeSyncPayload<LinkContext>): Promise<void> => {
    const incoming = link.updates.shift();
    const open = documents.of(document);
    if (!incoming || !open) throw new Refusal('behind', 'the document was unloaded');
    const known = isKnown(newsOf(document, [incoming]));
    // Only ever changed here, between two messages: one that is on its way is never left half done. What is known
    // already is acked to anybody: it may have been written together with an earlier one.
    connection.readOnly = !known && !link.mayWrite;
    if (connection.readOnly) return countReadOnly();
    if (!known) await writeWithWaiting(incoming);
    link.ackEarly();

    async function writeWithWaiting(first: IncomingUpdate): Promise<void> {
      // Who comes back from offline brings many at once: what waits behind this one shares its commit.
      const waiting = upTo(link.updates);
      try {
        await write(link, open!, [first, ...waiting]);
      } catch (error) {
        // One of the others may be at fault.
        if (!(error instanceof Refusal) || waiting.length === 0) throw error;
        await write(link, open!, [first]);
      }
    }
  };
}

/** As many of the waiting updates as one row takes. */
function upTo(waiting: IncomingUpdate[]): IncomingUpdate[] {
  let bytes = 0;
  let count = 0;
  while (count < waiting.length && count < MAX_TOGETHER.count) {
    bytes += waiting[count]!.update.byteLength;
    if (bytes > MAX_TOGETHER.bytes) break;
    count += 1;
  }
  return waiting.slice(0, count);
}
