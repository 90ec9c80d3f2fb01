import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { jsonToUpdate } from './json.ts';
import { CONTENT } from './schema.ts';
import { unsentText } from './unsent.ts';

test('only one’s own text, and only what is not saved', () => {
  const content = [
    { type: 'paragraph', content: [{ type: 'text', text: '他の人の文' }] },
    { type: 'bulletList', content: [{ type: 'listItem', content: [{ type: 'paragraph' }] }] },
  ];
  const doc = new Y.Doc();
  Y.applyUpdate(doc, jsonToUpdate({ type: 'doc', content }));
  const fragment = doc.getXmlFragment(CONTENT);
  const first = (fragment.get(0) as Y.XmlElement).get(0) as Y.XmlText;
  first.insert(2, '保存済み');
  const since = Y.getState(doc.store, doc.clientID);
  first.insert(0, '自分の');
  const item = ((fragment.get(1) as Y.XmlElement).get(0) as Y.XmlElement).get(0) as Y.XmlElement;
  item.insert(0, [new Y.XmlText('項目')]);
  expect(unsentText(fragment, new Map([[doc.clientID, since]]))).toBe('自分の\n項目');
  expect(unsentText(fragment, new Map())).toBe('');
});
