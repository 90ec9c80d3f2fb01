import { performance } from 'node:perf_hooks';
import type { Sql } from '@engawa/db';
import { applyLoaded, load } from '@engawa/domain';
import * as Y from 'yjs';

/** What loading an item took: the median of some times. */
export interface Opened {
  ms: number;
  rows: number;
  kB: number;
  text: string;
}

/** Loads an item from its journal into a document, as a node does. */
export async function opened(sql: Sql, itemId: string, times: number): Promise<Opened> {
  const all: Opened[] = [];
  for (let time = 0; time < times; time += 1) {
    const begun = performance.now();
    const loaded = await load(sql, itemId, 1);
    const doc = new Y.Doc();
    applyLoaded(doc, loaded);
    const ms = performance.now() - begun;
    const bytes = loaded.tail.reduce((sum, update) => sum + update.byteLength, loaded.state?.byteLength ?? 0);
    const text = doc.getXmlFragment('content').toString();
    all.push({ ms, rows: loaded.seq - loaded.snapshotSeq, kB: bytes / 1024, text });
    doc.destroy();
  }
  return all.sort((a, b) => a.ms - b.ms)[all.length >> 1]!;
}
