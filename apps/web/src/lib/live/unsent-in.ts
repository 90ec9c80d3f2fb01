import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import { OwnEdits, type Unsaved } from './own-edits.ts';

const PATIENCE_MS = 3_000;

/** A person's own words in a stored copy that no page will open again; none when the browser cannot read it. */
export async function unsentIn(
  copyName: string,
  ownText: (doc: Y.Doc, unsaved: Unsaved) => string,
): Promise<string> {
  const doc = new Y.Doc();
  const copy = new IndexeddbPersistence(copyName, doc);
  const own = new OwnEdits(doc, copy);
  const read = copy.whenSynced.then(() => own.load()).then(() => ownText(doc, own.unsaved));
  const late = new Promise<string>((resolve) => setTimeout(() => resolve(''), PATIENCE_MS));
  const text = await Promise.race([read, late]).catch(() => '');
  void copy.destroy().catch(() => {});
  doc.destroy();
  return text;
}
