import { Board, createNote } from '@engawa/board';
import { DOCUMENT_ROOT } from '@engawa/schema';
import * as Y from 'yjs';

/** How a kind of item is written by a test, and read. */
export interface Paper {
  write(doc: Y.Doc, text: string, at?: number): void;
  read(doc: Y.Doc): string;
}

/** A document with one paragraph, which is made when there is none. */
export const sheet: Paper = {
  write(doc, text, at) {
    doc.transact(() => {
      const root = doc.getXmlFragment(DOCUMENT_ROOT);
      if (root.length === 0) {
        const paragraph = new Y.XmlElement('paragraph');
        paragraph.insert(0, [new Y.XmlText()]);
        root.insert(0, [paragraph]);
      }
      const inner = (root.get(0) as Y.XmlElement).get(0) as Y.XmlText;
      inner.insert(at ?? inner.length, text);
    });
  },
  read: (doc) =>
    doc
      .getXmlFragment(DOCUMENT_ROOT)
      .toArray()
      .map((block) => (block instanceof Y.XmlElement ? block.toArray().map(String).join('') : ''))
      .join('\n'),
};

const boards = new WeakMap<Y.Doc, Board>();

/** A board on which every writing is a note. */
export const notes: Paper = {
  write: (doc, text) => void createNote(boardOf(doc), { x: 0, y: 0 }, text),
  read: (doc) =>
    [...boardOf(doc).elements.values()]
      .map((element) => element.text)
      .sort()
      .join('\n'),
};

function boardOf(doc: Y.Doc): Board {
  const board = boards.get(doc) ?? new Board(doc);
  boards.set(doc, board);
  return board;
}
