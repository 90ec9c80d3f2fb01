import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { toSvg } from '../export/svg.ts';
import { outlineOf } from '../outline/outline.ts';
import { emptyBoard } from '../testing/boards.ts';
import { createNote } from '../operations/create.ts';
import { paste, parsePiece } from '../operations/paste.ts';
import { move } from '../operations/transform.ts';
import { Board } from './board.ts';
import { LIMITS } from './limits.ts';
import { checkBoardUpdate } from './shape.ts';

const born = (x: unknown = 0, style: unknown = {}, kind: unknown = 'note', z: unknown = 'a0') => [
  kind,
  x,
  0,
  100,
  100,
  0,
  z,
  style,
];

function stored(keys: Record<string, unknown>, id = 'x'): { doc: Y.Doc; update: Uint8Array } {
  const doc = new Y.Doc();
  doc.transact(() => {
    const map = new Y.Map<unknown>();
    for (const [key, value] of Object.entries(keys)) map.set(key, value);
    doc.getMap('elements').set(id, map);
  });
  return { doc, update: Y.encodeStateAsUpdate(doc) };
}

const cases: [string, Record<string, unknown>][] = [
  ['NaN', { n: born(NaN) }],
  ['Infinity', { n: born(Infinity) }],
  ['1e300', { n: born(1e300) }],
  ['a number as text', { n: born('12') }],
  ['an unknown kind', { n: born(0, {}, 'script') }],
  ['an unknown style', { n: born(0, { onclick: 'alert(1)' }) }],
  ['an unknown colour', { n: born(0, { fill: 'url(javascript:1)' }) }],
  ['an order that nothing fits beside', { n: born(0, {}, 'note', 'a00') }],
  ['a birth that is a map', { n: new Y.Map() }],
  ['too much text', { n: born(), t: new Y.Text('あ'.repeat(LIMITS.text + 1)) }],
  ['a text that is a string', { n: born(), t: 'text' }],
  ['an image of somewhere', { n: born(0, {}, 'image'), f: 'https://example.com/x.svg' }],
  ['another key', { n: born(), href: 'x' }],
  ['a bad id of a group', { n: born(), g: { toString: 1 } }],
];

/** Every word is right and something is missing: the server does not judge whole elements, readers must. */
const incomplete: [string, Record<string, unknown>][] = [
  ['no birth', { b: [0, 0, 1, 1, 0] }],
  ['a stroke without ink', { n: born(0, {}, 'pen') }],
  ['ink that is no ink', { n: born(0, {}, 'pen'), i: new Uint8Array([255, 255, 255]) }],
  ['a connector without ends', { n: born(0, {}, 'connector') }],
];

describe('what cannot be an element', () => {
  test.each(incomplete)('%s hurts no reader', (_, keys) => {
    const board = new Board(stored(keys).doc);
    createNote(board, { x: 0, y: 0 }, '元気');
    expect(toSvg(board)).toContain('元気');
    expect(outlineOf(board).length).toBe(board.elements.size);
  });

  test.each(cases)('%s is refused by the server and hurts no reader', (_, keys) => {
    const { doc, update } = stored(keys);
    expect(checkBoardUpdate(update)).toBeTypeOf('string');
    const board = new Board(doc);
    createNote(board, { x: 0, y: 0 }, '元気');
    expect(toSvg(board)).toContain('元気');
    expect(outlineOf(board).length).toBe(board.elements.size);
    for (const element of board.elements.values()) {
      for (const value of [element.x, element.y, element.w, element.h, element.r]) {
        expect(Math.abs(value)).toBeLessThanOrEqual(LIMITS.coordinate);
      }
    }
  });

  test('ten megabytes of text are refused on writing and by the server', () => {
    const board = emptyBoard();
    const huge = 'あ'.repeat(10 * 1024 * 1024);
    expect(() => createNote(board, { x: 0, y: 0 }, huge)).toThrow(/10000/);
    expect(board.elements.size).toBe(0);
    expect(checkBoardUpdate(stored({ n: born(), t: new Y.Text(huge) }).update)).toBe('a text too long');
  });

  test.each([NaN, Infinity, 1e300])('moving by %s is refused and changes nothing', (by) => {
    const board = emptyBoard();
    const id = createNote(board, { x: 0, y: 0 });
    expect(() => move(board, [id], by, 0)).toThrow();
    expect(board.find(id)?.x).toBe(-100);
  });

  test.each<[string, (doc: Y.Doc) => unknown]>([
    ['another root', (doc) => doc.getMap('else').set('a', 1)],
    ['a value as element', (doc) => doc.getMap('elements').set('x', 'y')],
    ['a text as element', (doc) => doc.getMap('elements').set('x', new Y.Text('a'))],
    ['a list as element', (doc) => doc.getMap('elements').set('x', new Y.Array())],
    ['a sub-document', (doc) => doc.getMap('elements').set('x', new Y.Doc())],
    ['an id that is markup', (doc) => doc.getMap('elements').set('<b>', new Y.Map([['n', born()]]))],
    ['XML as text', (doc) => doc.getMap('elements').set('x', new Y.Map([['t', new Y.XmlText('a')]]))],
  ])('%s is refused', (_, write) => {
    const doc = new Y.Doc();
    write(doc);
    expect(checkBoardUpdate(Y.encodeStateAsUpdate(doc))).toBeTypeOf('string');
    expect(new Board(doc).elements.size).toBe(0);
  });

  test('formats and embeds in a text are refused', () => {
    const { doc } = stored({ n: born(), t: new Y.Text('文') });
    const before = Y.encodeStateVector(doc);
    const text = (doc.getMap('elements').get('x') as Y.Map<Y.Text>).get('t')!;
    text.format(0, 1, { onclick: 'x' });
    text.insertEmbed(0, { image: 'x' });
    expect(checkBoardUpdate(Y.encodeStateAsUpdate(doc, before), doc)).toBeTypeOf('string');
    expect(new Board(doc).find('x')?.text).toBe('文');
  });

  test('anything at all under any key: reading never throws', () => {
    const value = fc.oneof(fc.anything(), fc.constant(NaN), fc.constant(1e300), fc.constant('a0'));
    const keys = fc.dictionary(fc.constantFrom(...'nbpztglaefi'), value);
    fc.assert(
      fc.property(keys, keys, fc.string(), (a, b, id) => {
        const doc = new Y.Doc();
        for (const [key, given] of [...Object.entries(a), ...Object.entries({ ...b, n: born() })]) {
          try {
            const elements = doc.getMap<Y.Map<unknown>>('elements');
            if (!elements.has(id)) elements.set(id, new Y.Map());
            elements.get(id)!.set(key, given);
          } catch {
            // Yjs itself cannot store it.
          }
        }
        const board = new Board(doc);
        expect(toSvg(board)).toContain('<svg');
        outlineOf(board);
      }),
      { numRuns: 150 },
    );
  });

  test('groups nested into each other are all shown and do not hang', () => {
    const { doc } = stored({ n: born(0, {}, 'group'), g: 'y' });
    doc.getMap('elements').set('y', new Y.Map<unknown>(Object.entries({ n: born(0, {}, 'group'), g: 'x' })));
    doc.getMap('elements').set('z', new Y.Map<unknown>(Object.entries({ n: born(), g: 'x' })));
    const board = new Board(doc);
    const names = JSON.stringify(outlineOf(board));
    for (const id of ['x', 'y', 'z']) expect(names).toContain(`"id":"${id}"`);
    move(board, ['x'], 10, 0);
    expect(board.find('z')?.x).toBe(10);
  });

  test('a connector to nothing lies where it was last seen', () => {
    const keys = { n: born(0, {}, 'connector'), a: ['gone', 'auto', 5, 6], e: ['', 'auto', 50, 60] };
    const board = new Board(stored(keys).doc);
    expect(board.routeOf(board.find('x')!).points[0]).toEqual({ x: 5, y: 6 });
  });

  test.each([
    '{"engawa":"board","elements":[{"id":"a","kind":"note","x":1e300}]}',
    '{"engawa":"board","elements":[1]}',
  ])('a broken piece is refused whole: %s', (text) => {
    const board = emptyBoard();
    expect(() => paste(board, parsePiece(text)!)).toThrow(/broken/);
    expect(board.elements.size).toBe(0);
  });
});
