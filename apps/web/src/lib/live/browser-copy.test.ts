import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { openCopy } from './browser-copy.ts';

let request: { onsuccess?: (event: { target: { result: IDBDatabase } }) => void };

beforeEach(() => {
  request = {};
  vi.stubGlobal('indexedDB', { open: () => request });
});
afterEach(() => vi.unstubAllGlobals());

/** A database as the browser leaves it when it was closed under the page. */
const closed = Object.assign(new EventTarget(), {
  close: () => {},
  transaction: () => {
    throw new Error('InvalidStateError');
  },
}) as unknown as IDBDatabase;

test('a copy that was closed is given up, and the document goes on: others hear of every edit', () => {
  const doc = new Y.Doc();
  const lost = vi.fn();
  const copy = openCopy('engawa.x', doc, lost);
  const heard = vi.fn();
  doc.on('update', heard);
  copy.db = closed;
  doc.getText('t').insert(0, 'あ');
  doc.getText('t').insert(1, 'い');
  expect(heard).toHaveBeenCalledTimes(2);
  expect(lost).toHaveBeenCalledTimes(1);
});
