import * as Y from 'yjs';
import type { IncomingUpdate } from '../sockets/frames.ts';

/** What an update would add to a document. */
export interface News {
  /** Structs the document does not hold yet. */
  structs: IncomingUpdate['structs'];
  /** The clients that those are of. */
  clients: number[];
  /** Deletions the document does not know yet. */
  deletes: boolean;
  /** It stands on edits that the document does not hold. */
  gap: boolean;
}

/** Nothing in it is new. */
export function isKnown(news: News): boolean {
  return news.structs.length === 0 && !news.deletes && !news.gap;
}

/**
 * Compares decoded updates, each standing on those before it, with a document. A client that reconnects sends much
 * that is known already.
 */
export function newsOf(doc: Y.Doc, updates: IncomingUpdate[]): News {
  const news: IncomingUpdate['structs'] = [];
  const clients = new Set<number>();
  const next = new Map<number, number>();
  let gap = false;
  for (const struct of updates.flatMap((update) => update.structs)) {
    const { client, clock } = struct.id;
    const reached = next.get(client) ?? Y.getState(doc.store, client);
    const end = clock + struct.length;
    if (clock > reached || struct instanceof Y.Skip) gap = true;
    if (end > reached) {
      news.push(struct);
      clients.add(client);
      next.set(client, end);
    }
  }
  const holds = (id: Y.ID | null) =>
    id === null || id.clock < (next.get(id.client) ?? Y.getState(doc.store, id.client));
  gap ||= news.some((struct) => struct instanceof Y.Item && !standsOn(struct, holds));
  return {
    structs: news,
    clients: [...clients],
    deletes: updates.some(({ deletes }) => hasNewDeletes(doc, deletes, holds)),
    gap,
  };
}

function standsOn(item: Y.Item, holds: (id: Y.ID | null) => boolean): boolean {
  const parent = item.parent instanceof Y.ID ? item.parent : null;
  return holds(item.origin) && holds(item.rightOrigin) && holds(parent);
}

function hasNewDeletes(
  doc: Y.Doc,
  deletes: IncomingUpdate['deletes'],
  holds: (id: Y.ID) => boolean,
): boolean {
  for (const [client, ranges] of deletes.clients) {
    const structs = doc.store.clients.get(client);
    for (const { clock, len } of ranges) {
      // What is not there cannot be deleted yet: it comes in the same update, or not at all.
      if (!structs || Y.getState(doc.store, client) < clock + len) {
        if (holds(Y.createID(client, clock))) return true;
        continue;
      }
      for (
        let at = Y.findIndexSS(structs, clock);
        at < structs.length && structs[at]!.id.clock < clock + len;
        at += 1
      ) {
        if (!structs[at]!.deleted) return true;
      }
    }
  }
  return false;
}
