import { parentPort } from 'node:worker_threads';
import * as Y from 'yjs';

/** What the worker is asked to merge: a state (V2) and the updates (V1) after it. */
export interface MergeJob {
  id: number;
  state: Uint8Array | null;
  tail: Uint8Array[];
}

/** The merged state: to keep (V2), and as pages are sent it (V1). */
export interface Merged {
  state: Uint8Array;
  wire: Uint8Array;
}

export type MergeResult = ({ id: number } & Merged) | { id: number; error: string };

parentPort?.on('message', (job: MergeJob) => parentPort?.postMessage(merge(job)));

function merge({ id, state, tail }: MergeJob): MergeResult {
  const doc = new Y.Doc();
  try {
    doc.transact(() => {
      if (state) Y.applyUpdateV2(doc, state);
      for (const update of tail) Y.applyUpdate(doc, update);
    });
    return { id, state: Y.encodeStateAsUpdateV2(doc), wire: Y.encodeStateAsUpdate(doc) };
  } catch (error) {
    return { id, error: String(error) };
  } finally {
    doc.destroy();
  }
}
