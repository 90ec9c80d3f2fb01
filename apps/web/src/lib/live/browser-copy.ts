import { IndexeddbPersistence } from 'y-indexeddb';
import type * as Y from 'yjs';

/**
 * Keeps a document in this browser. The copy can go at any moment: another tab signs out, access ends there, the
 * browser clears or fills its storage. Then it is given up, and `lost` is called once; the document goes on without.
 */
export function openCopy(name: string, doc: Y.Doc, lost: () => void): IndexeddbPersistence {
  const copy = new IndexeddbPersistence(name, doc);
  const giveUp = () => {
    if (copy._destroyed) return;
    void copy.destroy().catch(() => {});
    lost();
  };
  catchIn(copy, doc, giveUp);
  copy._db.then((db) => {
    // An 'abort' is a write that failed: no room.
    for (const gone of ['versionchange', 'close', 'abort']) db.addEventListener(gone, giveUp);
  }, giveUp);
  return copy;
}

/** What a listener throws ends every listener of the document, for good: after it nothing would be sent any more. */
function catchIn(copy: IndexeddbPersistence, doc: Y.Doc, giveUp: () => void): void {
  const store = copy._storeUpdate;
  doc.off('update', store);
  copy._storeUpdate = (update, origin) => {
    try {
      store(update, origin);
    } catch {
      giveUp();
    }
  };
  doc.on('update', copy._storeUpdate);
}
