import fc from 'fast-check';
import { expect, test } from 'vitest';
import { group } from '../operations/group.ts';
import { emptyBoard } from '../testing/boards.ts';
import { create, createConnector, createImage, createNote, createShape } from '../operations/create.ts';
import { escapeXml } from './svg-surface.ts';
import { toSvg } from './svg.ts';

const FILE = '0190f3a0-0000-7000-8000-000000000000';
/** Every tag a board's SVG is made of; anything else came out of somebody's text. */
const TAGS = /<\/?(svg|title|g|rect|ellipse|path|text|image)(\s[^<>]*)?\/?>/g;

function everything(text: string) {
  const board = emptyBoard();
  const id = createNote(board, { x: 0, y: 0 }, text);
  createShape(board, 'frame', { x: -400, y: -400, w: 900, h: 900, r: 0 });
  create(board, { kind: 'frame', x: 900, w: 900, h: 900, text });
  group(board, [id, create(board, { kind: 'rect', w: 30, h: 30 })], text);
  create(board, { kind: 'hexagon', w: 300, h: 200, r: 30, text });
  create(board, { kind: 'text', w: 300, h: 200, text });
  createImage(board, FILE, { x: 0, y: 0, w: 300, h: 300, r: 0 }, text);
  const free = { id: null, side: 'auto' as const, x: 500, y: 500 };
  createConnector(board, { ...free, id }, free, { route: 'elbow', heads: 'both' });
  return board;
}

test('no text gets out of its place', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'<>&"\'/=ab \u0000\u0008\ud800あ') }), (text) => {
      const svg = toSvg(everything(text), { title: text, addressOf: () => text });
      const rest = svg.replaceAll(TAGS, '');
      expect(rest).not.toMatch(/[<>]/);
      expect(rest).not.toMatch(/[\u0000\u0008]/);
      expect(svg.isWellFormed()).toBe(true);
    }),
  );
});

test('scripts, handlers and addresses elsewhere have no way in', () => {
  const bad = '"><script>alert(1)</script><image onload="alert(1)" href="javascript:alert(1)"/>';
  for (const address of [
    bad,
    'javascript:alert(1)',
    'https://example.com/a.png',
    '//example.com/a',
    'data:image/svg+xml;base64,PHN2Zy8+',
  ]) {
    const svg = toSvg(everything(bad), { title: bad, family: bad, addressOf: () => address });
    expect(svg).not.toMatch(/<script|<image|\shref="/);
  }
  const svg = toSvg(everything('絵'), { addressOf: () => 'data:image/png;base64,AAAA' });
  expect(svg).toContain('href="data:image/png;base64,AAAA"');
});

test('escapes', () => {
  expect(escapeXml(`<&>"'\u0000`)).toBe('&lt;&amp;&gt;&quot;&#39;');
});

test('an empty board is a valid picture', () => {
  expect(toSvg(emptyBoard())).toMatch(/^<svg [^>]+>/);
});
