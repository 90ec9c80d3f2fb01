import { afterAll, afterEach, expect, test } from 'vitest';
import { journalBytes, Merger, mergeTail, readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import type * as Y from 'yjs';
import { openClient, textOf, until, type TestClient } from './testing/client.ts';
import { serveSync } from './testing/serve.ts';
import { signInAs } from './testing/sessions.ts';

const MOST = 3_000;
const world = await buildWorld();
const { services, sql } = world;
const node = await serveSync(services, { maxItem: MOST });
/** Where whatever there is is too large already. */
const narrow = await serveSync(services, { maxItem: 10 });
const officer = await signInAs(sql, world.officer.id);
const pages: TestClient[] = [];

function page(itemId: string, { url } = node): TestClient {
  const made = openClient({ url, itemId, token: officer });
  pages.push(made);
  return made;
}

afterEach(() => {
  for (const one of pages.splice(0)) one.stop();
});
afterAll(() => Promise.all([node.stop(), narrow.stop()]));

test('nothing is added to an item that is full; what is deleted from it goes, and then there is room', async () => {
  const itemId = await world.item();
  const [a, b] = [page(itemId), page(itemId)];
  a.type('あ'.repeat(900));
  await a.whenSaved();
  await until(() => b.text() === a.text());
  b.type('い'.repeat(900));
  await until(() => b.closes.some(({ code, reason }) => code === 4507 && reason === 'sync.full'));
  b.stop();
  expect(await journalBytes(sql, itemId, 1)).toBeLessThan(MOST);
  expect(textOf(await readDocument(sql, itemId, 1))).toBe('あ'.repeat(900));
  // The others are not disturbed, and make room.
  const c = page(itemId, narrow);
  await until(() => c.text() === a.text());
  const text = (c.doc.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText;
  text.delete(0, 890);
  await c.whenSaved();
  expect(c.closes).toEqual([]);
  expect(textOf(await readDocument(sql, itemId, 1))).toHaveLength(10);
  c.type('え');
  await until(() => c.closes.length > 0);
  const merger = new Merger();
  await mergeTail(sql, merger, { itemId, generation: 1 });
  await merger.stop();
  a.type('う'.repeat(900));
  await a.whenSaved();
  expect(a.closes).toEqual([]);
});

test('what an item takes is what its journal takes, not the sum of all that was ever typed', async () => {
  const itemId = await world.item();
  const a = page(itemId);
  const merger = new Merger();
  let typed = 0;
  a.doc.on('update', (update: Uint8Array) => (typed += update.byteLength));
  while (typed < 2 * MOST) {
    for (let letter = 0; letter < 30; letter += 1) {
      a.type('雨');
      await a.whenSaved();
    }
    await mergeTail(sql, merger, { itemId, generation: 1 });
  }
  await merger.stop();
  expect(a.closes).toEqual([]);
  expect(textOf(await readDocument(sql, itemId, 1))).toBe(a.text());
});
