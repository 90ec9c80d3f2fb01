import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { findAmong, findIn } from './find.ts';
import { spotFinder } from './spot.ts';

const itemsOf = (update: Uint8Array) =>
  Y.decodeUpdate(update).structs.filter((struct): struct is Y.Item => struct instanceof Y.Item);

type Words = { origin?: Y.ID; parent?: string | Y.ID; key?: string; content?: Y.Item['content'] };

/** An item of nobody's document, that says this of itself. A decoded one may name a root, which Yjs' types leave out. */
function said(clock: number, { origin, parent, key, content = new Y.ContentString('あ') }: Words): Y.Item {
  const stands = (parent ?? null) as Y.ID | null;
  return new Y.Item(Y.createID(1, clock), null, origin ?? null, null, null, stands, key ?? null, content);
}

describe('where an item stands', () => {
  test('a root is known by its name, also where nobody has asked for it by its kind', () => {
    const doc = new Y.Doc();
    doc.getMap('elements').set('x', 1);
    const update = Y.encodeStateAsUpdate(doc);
    const [arriving] = itemsOf(update);
    expect(spotFinder(findAmong(itemsOf(update)))(arriving!)).toEqual({ inside: 'elements', key: 'x' });
    const other = new Y.Doc();
    Y.applyUpdate(other, update);
    const find = findIn(other);
    expect(spotFinder(find)(find(arriving!.id) as Y.Item)).toEqual({ inside: 'elements', key: 'x' });
  });

  test('a hundred thousand letters, each beside the one before, are inside their text', () => {
    const text = new Y.XmlText();
    const first = said(0, { parent: 'content', content: new Y.ContentType(text) });
    const letters = [said(1, { parent: first.id })];
    for (let at = 2; at < 100_000; at += 1) letters.push(said(at, { origin: Y.createID(1, at - 1) }));
    const spotOf = spotFinder(findAmong([first, ...letters]));
    expect(spotOf(letters.at(-1)!).inside).toBe(text);
    expect(spotOf(letters[0]!).inside).toBe(text);
  });

  test('two that were each put beside the other stand nowhere', () => {
    const ring = [said(0, { origin: Y.createID(1, 1) }), said(1, { origin: Y.createID(1, 0) })];
    const spotOf = spotFinder(findAmong(ring));
    expect(ring.map((item) => spotOf(item).inside)).toEqual([null, null]);
  });

  test('what is inside a letter is told from what is inside something swept away', () => {
    const letter = said(0, { parent: 'content' });
    const swept = said(1, { parent: 'content', content: new Y.ContentDeleted(1) });
    const inLetter = said(2, { parent: letter.id });
    const inSwept = said(3, { parent: swept.id, key: 'level' });
    const spotOf = spotFinder(findAmong([letter, swept, inLetter, inSwept]));
    expect(spotOf(inLetter).inside).toBe(letter.content);
    expect(spotOf(inSwept)).toEqual({ inside: null, key: 'level' });
  });

  test('beside what neither the update nor the document holds, nothing is known', () => {
    const letter = said(5, { origin: Y.createID(9, 9) });
    expect(spotFinder(() => undefined)(letter)).toEqual({ inside: null, key: null });
  });
});

test('a struct is found by any of the ids it covers, and by no other', () => {
  const doc = new Y.Doc();
  doc.clientID = 7;
  doc.getText('t').insert(0, 'abc');
  const find = findAmong(itemsOf(Y.encodeStateAsUpdate(doc)));
  for (const clock of [0, 1, 2]) expect(find(Y.createID(7, clock))).toBeInstanceOf(Y.Item);
  expect(find(Y.createID(7, 3))).toBeUndefined();
  expect(find(Y.createID(8, 0))).toBeUndefined();
});
