import * as Y from 'yjs';
import type { IncomingUpdate } from '../sockets/frames.ts';
import { Spots } from './spots.ts';

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
  let [gap, several] = [false, false];
  const all = updates.length === 1 ? updates[0]!.structs : updates.flatMap((update) => update.structs);
  const spots = new Spots(doc, all);
  for (const struct of all) {
    const { client, clock } = struct.id;
    const reached = next.get(client) ?? Y.getState(doc.store, client);
    const end = clock + struct.length;
    if (clock > reached || struct instanceof Y.Skip) gap = true;
    else if (struct instanceof Y.Item && end > reached) {
      gap ||= spots.liesApart(struct) || (clock < reached && spots.strays(struct, reached));
    }
    if (client !== all[0]!.id.client) several = true;
    if (end > reached) {
      news.push(struct);
      clients.add(client);
      next.set(client, end);
    }
  }
  const holds = (id: Y.ID | null) =>
    id === null || id.clock < (next.get(id.client) ?? Y.getState(doc.store, id.client));
  // Also what is known already: Yjs looks at what it stands on before it sees that it has it.
  gap ||= all.some((struct) => struct instanceof Y.Item && !standsOn(struct, holds));
  gap ||= several && goesRound(doc, all);
  // What is not there cannot be deleted: Yjs would keep the wish, and delete what somebody else writes there later.
  gap ||= updates.some(({ deletes }) => reachesBeyond(deletes, holds));
  return {
    structs: news,
    clients: [...clients],
    deletes: updates.some(({ deletes }) => hasNewDeletes(doc, deletes)),
    gap,
  };
}

function reachesBeyond(deletes: IncomingUpdate['deletes'], holds: (id: Y.ID) => boolean): boolean {
  for (const [client, ranges] of deletes.clients) {
    const last = ranges.at(-1);
    if (last && !holds(Y.createID(client, last.clock + last.len - 1))) return true;
  }
  return false;
}

/** What it was put beside and into is there, and of its own client's older than itself. */
function standsOn(item: Y.Item, holds: (id: Y.ID | null) => boolean): boolean {
  const { client, clock } = item.id;
  return groundOf(item).every((id) => holds(id) && (id.client !== client || id.clock < clock));
}

function groundOf(item: Y.Item): Y.ID[] {
  const parent = item.parent instanceof Y.ID ? item.parent : null;
  return [item.origin, item.rightOrigin, parent].filter((id) => id !== null);
}

/** Whether structs of several clients stand on each other in a ring, so that none of them could ever be the first. */
function goesRound(doc: Y.Doc, structs: IncomingUpdate['structs']): boolean {
  const rows = Map.groupBy(structs, ({ id }) => id.client);
  const reached = new Map<number, number>();
  const done = new Map<number, number>();
  const waitsFor = (struct: IncomingUpdate['structs'][number]) =>
    struct instanceof Y.Item
      ? groundOf(struct).find(
          ({ client, clock }) =>
            client !== struct.id.client && clock >= (reached.get(client) ?? Y.getState(doc.store, client)),
        )
      : undefined;
  for (const first of rows.keys()) {
    const waiting = [first];
    const among = new Set(waiting);
    for (let client = waiting.at(-1); client !== undefined; client = waiting.at(-1)) {
      const struct = rows.get(client)?.[done.get(client) ?? 0];
      const ground = struct && waitsFor(struct);
      if (ground && among.has(ground.client)) return true;
      if (ground) {
        waiting.push(ground.client);
        among.add(ground.client);
      } else if (struct) {
        done.set(client, (done.get(client) ?? 0) + 1);
        const end = struct.id.clock + struct.length;
        reached.set(client, Math.max(end, Y.getState(doc.store, client)));
        if (waiting.length > 1) among.delete(waiting.pop()!);
      } else if (waiting.length > 1) return true;
      else waiting.pop();
    }
  }
  return false;
}

function hasNewDeletes(doc: Y.Doc, deletes: IncomingUpdate['deletes']): boolean {
  for (const [client, ranges] of deletes.clients) {
    const structs = doc.store.clients.get(client);
    for (const { clock, len } of ranges) {
      // It comes in the same update.
      if (!structs || Y.getState(doc.store, client) < clock + len) return true;
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
