import { Board, createNote, setText } from '@engawa/board';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { ownWords } from './own-words.ts';

test('what is not saved of one’s own words is found among those of others', () => {
  const theirs = new Board(new Y.Doc());
  createNote(theirs, { x: 0, y: 0 }, 'ほかの人の');
  const shared = createNote(theirs, { x: 300, y: 0 }, '二人の');
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(theirs.doc));
  const mine = new Board(doc);
  createNote(mine, { x: 600, y: 0 }, '保存された');
  const since = Y.getState(doc.store, doc.clientID);
  createNote(mine, { x: 900, y: 0 }, '保存されていない');
  setText(mine, shared, '二人の、続き');
  const words = ownWords(doc, new Map([[doc.clientID, since]])).split('\n');
  expect(words.sort()).toEqual(['二人の、続き', '保存されていない']);
  expect(ownWords(doc, new Map())).toBe('');
});
