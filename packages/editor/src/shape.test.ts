import { findIn } from '@engawa/structs';
import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { CONTENT, schema } from './schema.ts';
import { checkStructs, checkUpdate, documentShape } from './shape.ts';

const FILE = '01a2b3c4-0000-7000-8000-0000000000aa';
const text = (value: string, marks: object[] = []) => ({ type: 'text', text: value, marks });
const everything = {
  type: 'doc',
  content: [
    { type: 'heading', attrs: { level: 4 }, content: [text('見出し')] },
    {
      type: 'paragraph',
      content: [
        text('縁側', [{ type: 'bold' }, { type: 'italic' }, { type: 'strike' }]),
        { type: 'hardBreak' },
        text('https', [{ type: 'link', attrs: { href: 'https://example.jp/あ' } }]),
        text('code', [{ type: 'code' }]),
      ],
    },
    {
      type: 'taskList',
      content: [
        {
          type: 'taskItem',
          attrs: { checked: true },
          content: [{ type: 'paragraph', content: [text('済')] }],
        },
      ],
    },
    {
      type: 'orderedList',
      attrs: { start: 3, type: null },
      content: [{ type: 'listItem', content: [{ type: 'paragraph' }] }],
    },
    { type: 'blockquote', content: [{ type: 'codeBlock', attrs: { language: 'ts' }, content: [text('1')] }] },
    { type: 'horizontalRule' },
    { type: 'image', attrs: { file: FILE, alt: '現地の写真', width: 50 } },
    { type: 'image', attrs: { file: FILE, alt: '', width: null } },
  ],
};

function updateOf(write: (doc: Y.Doc, content: Y.XmlFragment) => void): Uint8Array {
  const doc = new Y.Doc();
  write(doc, doc.getXmlFragment(CONTENT));
  return Y.encodeStateAsUpdate(doc);
}

function element(name: string, attributes: Record<string, unknown> = {}, inner?: Y.XmlText | Y.XmlElement) {
  const made = new Y.XmlElement<Record<string, never>>(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value as never);
  if (inner) made.insert(0, [inner]);
  return made;
}

function marked(mark: string, value: unknown) {
  const inner = new Y.XmlText();
  inner.insert(0, '文', { [mark]: value as object });
  return element('paragraph', {}, inner);
}

describe('what an update may carry', () => {
  test('everything the editor can make', () => {
    const update = updateOf((_, content) => prosemirrorJSONToYXmlFragment(schema, everything, content));
    expect(checkUpdate(update)).toBeNull();
  });

  test.each<[string, (doc: Y.Doc, content: Y.XmlFragment) => unknown]>([
    ['another root', (doc) => doc.getMap('else').set('a', 1)],
    ['an unknown element', (_, c) => c.insert(0, [element('script')])],
    ['the text node as element', (_, c) => c.insert(0, [element('text')])],
    ['an unknown attribute', (_, c) => c.insert(0, [element('paragraph', { onclick: 'alert(1)' })])],
    ['a wrong value', (_, c) => c.insert(0, [element('heading', { level: '1' })])],
    ['an object as value', (_, c) => c.insert(0, [element('heading', { level: { toString: 1 } })])],
    ['a level too deep', (_, c) => c.insert(0, [element('heading', { level: 5 })])],
    ['an unknown mark', (_, c) => c.insert(0, [marked('style', { css: 'x' })])],
    ['a mark with attributes', (_, c) => c.insert(0, [marked('bold', { class: 'x' })])],
    ['an unsafe link', (_, c) => c.insert(0, [marked('link', { href: 'javascript:alert(1)' })])],
    ['a link with more', (_, c) => c.insert(0, [marked('link', { href: 'https://a.jp', onclick: 'x' })])],
    ['a picture from elsewhere', (_, c) => c.insert(0, [element('image', { file: 'https://a.jp/x.png' })])],
    ['a picture as data', (_, c) => c.insert(0, [element('image', { file: FILE, src: 'data:image/png,x' })])],
    [
      'a picture that does something',
      (_, c) => c.insert(0, [element('image', { file: FILE, onerror: 'x' })]),
    ],
    ['a width beyond the page', (_, c) => c.insert(0, [element('image', { file: FILE, width: 1e9 })])],
    [
      'words of two lines on a picture',
      (_, c) => c.insert(0, [element('image', { file: FILE, alt: 'a\nb' })]),
    ],
    ['endless words on a picture', (_, c) => c.insert(0, [element('image', { alt: 'あ'.repeat(301) })])],
    ['text directly in the root', (_, c) => c.insert(0, [new Y.XmlText('文')])],
    ['a map as element', (doc, c) => (c as unknown as Y.Array<unknown>).insert(0, [new Y.Map()]) ?? doc],
    ['a sub-document', (_, c) => c.insert(0, [element('paragraph', { sub: new Y.Doc() })])],
    [
      'an embed',
      (_, c) => {
        const inner = new Y.XmlText();
        c.insert(0, [element('paragraph', {}, inner)]);
        inner.insertEmbed(0, { image: 'x' });
      },
    ],
  ])('refuses %s', (_, write) => {
    expect(checkUpdate(updateOf((doc, content) => void write(doc, content)))).toBeTypeOf('string');
  });

  test('sees where an item lands, when it is given the document', () => {
    const doc = new Y.Doc();
    const paragraph = element('paragraph');
    doc.getXmlFragment(CONTENT).insert(0, [paragraph]);
    const forged = new Y.Doc();
    Y.applyUpdate(forged, Y.encodeStateAsUpdate(doc));
    Y.Text.prototype.insert.call(forged.getXmlFragment(CONTENT).get(0) as never, 0, '文');
    const update = Y.encodeStateAsUpdate(forged, Y.encodeStateVector(doc));
    expect(checkUpdate(update, documentShape, doc)).not.toBeNull();
  });

  test('refuses what would stand inside a letter', () => {
    const doc = new Y.Doc();
    const text = new Y.XmlText('文');
    doc.getXmlFragment(CONTENT).insert(0, [element('paragraph', {}, text)]);
    const letter = Y.createID(doc.clientID, Y.getState(doc.store, doc.clientID) - 1);
    const inside = new Y.ContentString('字');
    const forged = new Y.Item(Y.createID(1, 0), null, null, null, null, letter, null, inside);
    expect(checkStructs([forged], documentShape, findIn(doc))).toBe('text out of place');
  });

  test('an attribute that is set again, in this update or a later one', () => {
    const doc = new Y.Doc();
    const heading = element('heading', { level: 1 });
    doc.getXmlFragment(CONTENT).insert(0, [heading]);
    const seen = new Y.Doc();
    Y.applyUpdate(seen, Y.encodeStateAsUpdate(doc));
    heading.setAttribute('level', 2 as never);
    heading.setAttribute('level', 3 as never);
    const update = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(seen));
    expect(checkUpdate(update, documentShape, seen)).toBeNull();
    heading.setAttribute('level', 9 as never);
    const wrong = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(seen));
    expect(checkUpdate(wrong, documentShape, seen)).toBeTypeOf('string');
  });

  test('an attribute that is set again while somebody deletes its element', () => {
    const doc = new Y.Doc();
    const heading = element('heading', { level: 1 });
    doc.getXmlFragment(CONTENT).insert(0, [heading]);
    const deleted = new Y.Doc();
    Y.applyUpdate(deleted, Y.encodeStateAsUpdate(doc));
    const before = Y.encodeStateVector(doc);
    deleted.getXmlFragment(CONTENT).delete(0, 1);
    heading.setAttribute('level', 2 as never);
    const update = Y.encodeStateAsUpdate(doc, before);
    expect(checkUpdate(update, documentShape, deleted)).toBeNull();
    heading.setAttribute('level', { toString: 'x' } as never);
    expect(checkUpdate(Y.encodeStateAsUpdate(doc, before), documentShape, deleted)).toBeTypeOf('string');
    Y.applyUpdate(deleted, update);
    expect(deleted.getXmlFragment(CONTENT).toString()).toBe('');
  });

  test('throws on what is no update', () => {
    expect(() => checkUpdate(new Uint8Array([255, 255, 255, 1]))).toThrow();
  });
});
