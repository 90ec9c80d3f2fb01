import * as Y from 'yjs';
import { answering } from '../thread.ts';

/** What the worker is asked to merge: a state (V2) and the updates (V1) after it. */
export interface MergeJob {
  state: Uint8Array | null;
  tail: Uint8Array[];
}

/** The merged state: to keep (V2), and as pages are sent it (V1). */
export interface Merged {
  state: Uint8Array;
  wire: Uint8Array;
}

answering(({ state, tail }: MergeJob): Merged => {
  const doc = new Y.Doc();
  try {
    doc.transact(() => {
      if (state) Y.applyUpdateV2(doc, state);
      for (const update of tail) Y.applyUpdate(doc, update);
    });
    return { state: Y.encodeStateAsUpdateV2(doc), wire: Y.encodeStateAsUpdate(doc) };
  } finally {
    doc.destroy();
  }
});
