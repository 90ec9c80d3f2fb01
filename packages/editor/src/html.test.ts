import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { toHtml } from './html.ts';
import { jsonToUpdate, updateToJson } from './json.ts';
import { parseMarkdown } from './markdown/parse.ts';
import { toMarkdown } from './markdown/write.ts';
import { CONTENT } from './schema.ts';
import { toText } from './text.ts';

test('the editor’s own elements, every text escaped', () => {
  const html = toHtml(
    parseMarkdown('# A & B\n\n**太** `<b>` [県](https://a.jp/?a=1&b="2)\n\n- [x] 済\n\n3. 三'),
  );
  expect(html).toBe(
    '<h1>A &amp; B</h1><p><strong>太</strong> <code>&lt;b&gt;</code> ' +
      '<a href="https://a.jp/?a=1&amp;b=&quot;2" rel="noopener noreferrer nofollow">県</a></p>' +
      '<ul data-type="taskList"><li data-checked="true"><label><input type="checkbox" disabled checked><span></span></label><div><p>済</p></div></li></ul>' +
      '<ol start="3"><li><p>三</p></li></ol>',
  );
});

test('what a forged document holds is left out, whatever way it is read', () => {
  const hostile = {
    type: 'doc',
    content: [
      { type: 'heading', attrs: { level: '1"><script>' }, content: [{ type: 'text', text: '題' }] },
      { type: 'iframe', attrs: { src: 'https://evil.jp' }, content: [{ type: 'text', text: '<i>' }] },
      {
        type: 'paragraph',
        content: [
          { type: 'text', text: '押す', marks: [{ type: 'link', attrs: { href: 'javascript:alert(1)' } }] },
        ],
      },
    ],
  };
  expect(toHtml(hostile)).toBe('<h4>題</h4>&lt;i&gt;<p>押す</p>');
  expect(toMarkdown(hostile)).not.toMatch(/javascript|iframe/);

  const doc = new Y.Doc();
  const script = new Y.XmlElement('script');
  script.insert(0, [new Y.XmlText('alert(1)')]);
  const heading = new Y.XmlElement('heading');
  heading.setAttribute('level', 99 as never);
  doc.getXmlFragment(CONTENT).insert(0, [script, heading]);
  expect(updateToJson(Y.encodeStateAsUpdate(doc)).content).toEqual([
    { type: 'text', text: 'alert(1)' },
    { type: 'heading' },
  ]);
});

test('pictures are files of the vault; a forged one is nothing', () => {
  const file = '01a2b3c4-0000-7000-8000-0000000000aa';
  const picture = (attrs: object) => ({ type: 'doc', content: [{ type: 'image', attrs: { ...attrs } }] });
  expect(toHtml(picture({ file, alt: '"><script>', width: 40 }))).toBe(
    `<figure class="image" data-file="${file}" style="width: 40%"><img src="/files/${file}/content" ` +
      'alt="&quot;&gt;&lt;script&gt;" loading="lazy" decoding="async"></figure>',
  );
  expect(toHtml(picture({ file, alt: '絵' }), { previews: true })).toContain(
    `<img src="/files/${file}/preview" `,
  );
  expect(toHtml(picture({ file: '"onerror=x', alt: '絵' }))).toBe('');
  expect(toHtml(picture({ file, alt: 1, width: '1;x' }))).toContain('" alt="" ');
  expect(toText(picture({ file, alt: '現地' }))).toBe('現地');
});

test('a tree forged far too deep ends the reading, not the program', () => {
  const doc = new Y.Doc();
  let parent: Y.XmlFragment = doc.getXmlFragment(CONTENT);
  for (let depth = 0; depth < 3000; depth += 1) {
    const quote = new Y.XmlElement('blockquote');
    parent.insert(0, [quote]);
    parent = quote;
  }
  const json = updateToJson(Y.encodeStateAsUpdate(doc));
  expect(() => [toHtml(json), toText(json), toMarkdown(json)]).not.toThrow();
});

test('new content goes after what is there; nothing is an empty document', () => {
  const first = jsonToUpdate(parseMarkdown('一'));
  const second = jsonToUpdate(parseMarkdown('二\n\n三'), { after: [first] });
  expect(toText(updateToJson(first, second))).toBe('一\n二\n三');
  expect(updateToJson(null)).toEqual({ type: 'doc', content: [] });
});

test('text for search has no NUL and no broken characters', () => {
  const content = [{ type: 'paragraph', content: [{ type: 'text', text: '前\u0000後\ud800' }] }];
  expect(toText({ type: 'doc', content })).toBe('前後\ufffd');
});
