import { Board, ELEMENTS, outlineOf } from '@engawa/board';
import { documentShape } from '@engawa/editor';
import { DOCUMENT_ROOT } from '@engawa/schema';
import * as Y from 'yjs';
import type { LiveKind } from '../../documents/kinds.ts';
import { newsOf } from '../../documents/news.ts';
import type { IncomingUpdate } from '../../sockets/frames.ts';
import { irregularity } from '../../sockets/regular.ts';

/** Any Yjs type. */
type Shared = ReturnType<Y.Doc['get']>;

export type Verdict = 'irregular' | 'known' | 'gap' | 'refused' | 'taken';

/** Puts an update through what stands before the journal; says what became of it. */
export function judge(doc: Y.Doc, kind: LiveKind, update: IncomingUpdate): Verdict {
  if (irregularity(update.update, { structs: update.structs, ds: update.deletes })) return 'irregular';
  const news = newsOf(doc, [update]);
  if (news.gap) return 'gap';
  if (news.structs.length === 0 && !news.deletes) return 'known';
  return kind.faultIn(news.structs, doc) === null ? 'taken' : 'refused';
}

/** What is wrong with a document that was edited by what passed; null when it is sound. */
export function unsoundness(doc: Y.Doc): string | null {
  if (doc.store.pendingStructs || doc.store.pendingDs) return 'something waits for what may never come';
  for (const root of doc.share.values()) {
    const fault = typeFault(root);
    if (fault) return fault;
  }
  const roots = [...doc.share].filter(([, root]) => root._start !== null || root._map.size > 0);
  const strange = roots.find(([name]) => name !== DOCUMENT_ROOT && name !== ELEMENTS);
  return strange ? `a root "${strange[0]}"` : null;
}

/** Lists hang together, and everything in them says that it is there. */
function typeFault(type: Shared): string | null {
  let [length, before] = [0, null as Y.Item | null];
  for (let item = type._start; item; before = item, item = item.right) {
    if (item.left !== before) return 'a broken chain';
    if (item.parent !== type) return 'something that believes to be elsewhere';
    if (!item.deleted && item.countable) length += item.length;
    const fault = innerFault(item);
    if (fault) return fault;
  }
  if (length !== type._length) return `a length of ${type._length} instead of ${length}`;
  for (const item of type._map.values()) {
    if (item.parent !== type) return 'a value that believes to be elsewhere';
    const fault = innerFault(item);
    if (fault) return fault;
  }
  return null;
}

function innerFault(item: Y.Item): string | null {
  return !item.deleted && item.content instanceof Y.ContentType ? typeFault(item.content.type) : null;
}

/** Reads it as pages do. Throws when it cannot be read, or holds what no editor makes. */
export function readOut(doc: Y.Doc, kind: 'doc' | 'board'): string {
  if (kind === 'board') {
    const board = new Board(doc);
    const elements = [...board.elements.values()].map((one) => ({ ...one, ink: null }));
    return JSON.stringify([outlineOf(board), elements.sort((a, b) => (a.id < b.id ? -1 : 1))]);
  }
  const root = doc.getXmlFragment(DOCUMENT_ROOT);
  for (const part of root.createTreeWalker(() => true)) {
    if (part instanceof Y.XmlElement && !Object.hasOwn(documentShape.nodes, part.nodeName))
      throw new Error(`an element ${JSON.stringify(part.nodeName)}`);
    if (!(part instanceof Y.XmlElement || part instanceof Y.XmlText))
      throw new Error('a part of another kind');
    if (part instanceof Y.XmlText) part.toDelta();
  }
  return root.toString();
}
