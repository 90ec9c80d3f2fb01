import { afterAll, expect, test } from 'vitest';
import { append, loadWire, readDocument, writeSnapshot } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import * as Y from 'yjs';
import { openClient, textOf, until, type TestClient } from './testing/client.ts';
import { openRaw } from './testing/raw.ts';
import { serveSync } from './testing/serve.ts';
import { signInAs } from './testing/sessions.ts';

const world = await buildWorld();
const { services, sql } = world;
const node = await serveSync(services);
const officer = await signInAs(sql, world.officer.id);
const clerk = await signInAs(sql, world.clerk.id);
const pages: TestClient[] = [];
afterAll(async () => {
  for (const page of pages) page.stop();
  await node.stop();
});

function page(itemId: string, token: string, doc?: Y.Doc): TestClient {
  const made = openClient({ url: node.url, itemId, token, doc });
  pages.push(made);
  return made;
}

/** An item with a text that has been merged, and that nobody has open. */
async function storedItem(text: string): Promise<string> {
  const itemId = await world.item();
  await world.give(world.clerk.id, itemId, 'editor');
  const writer = openClient({ url: node.url, itemId, token: officer });
  for (const letter of text.repeat(Math.ceil(25 / text.length))) {
    writer.type(letter);
    await writer.whenSaved();
  }
  writer.stop();
  await until(async () => (await loadWire(sql, itemId, 1)) !== null, 20_000);
  return itemId;
}

const content = async (itemId: string) => textOf(await readDocument(sql, itemId, 1));

test('who opens a stored item has all of it; then everybody writes, and nothing comes twice', async () => {
  const itemId = await storedItem('縁側');
  const before = await content(itemId);
  const [a, b] = [page(itemId, officer), page(itemId, clerk)];
  await until(() => a.text() === before && b.text() === before);
  await Promise.all([a.whenSaved(), b.whenSaved()]);
  a.type('に');
  await until(() => b.text() === a.text());
  b.type('猫', 0);
  await until(() => a.text() === b.text());
  await Promise.all([a.whenSaved(), b.whenSaved()]);
  expect(await content(itemId)).toBe(a.text());
  expect(a.text().length).toBe(before.length + 2);
  // Who comes later is answered from the document.
  const late = page(itemId, clerk);
  await until(() => late.text() === a.text());
});

test('the document is made without being broadcast: the pages have it', async () => {
  const itemId = await storedItem('広場');
  const reader = openRaw({ url: node.url, itemId, token: clerk });
  await reader.whenOpen();
  reader.greet();
  await until(() => reader.received.length >= 4);
  const size = (await loadWire(sql, itemId, 1))!.state.byteLength;
  expect(reader.received.some((message) => message.byteLength > size)).toBe(true);
  const answered = reader.received.length;
  const writer = page(itemId, officer);
  await until(() => writer.text().length > 0);
  writer.type('花');
  await writer.whenSaved();
  await until(() => reader.received.some((message) => Buffer.from(message).includes('花')));
  for (const message of reader.received.slice(answered)) expect(message.byteLength).toBeLessThan(size);
  reader.ws.terminate();
});

test('what another writes into the journal reaches pages of a stored item, before and after they open it', async () => {
  const itemId = await storedItem('道');
  const elsewhere = async (letter: string) => {
    const doc = await readDocument(sql, itemId, 1);
    const vector = Y.encodeStateVector(doc);
    ((doc.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(0, letter);
    const update = Y.encodeStateAsUpdate(doc, vector);
    await append(services, { itemId, generation: 1, author: world.officer.id, updates: [update] });
  };
  await elsewhere('水');
  const reader = page(itemId, clerk);
  await until(() => reader.text().startsWith('水'));
  await elsewhere('火');
  await until(() => reader.text().startsWith('火水'));
  // A page with a copy of its own asks for the rest.
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(reader.doc));
  const back = page(itemId, officer, copy);
  back.type('木');
  await back.whenSaved();
  await until(() => reader.text() === back.text());
  expect(await content(itemId)).toBe(back.text());
});

test('rows that were merged before a node has read them are read as what they were merged into', async () => {
  const itemId = await world.item();
  const writer = page(itemId, officer);
  writer.type('朝');
  await writer.whenSaved();
  const doc = await readDocument(sql, itemId, 1);
  ((doc.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(1, '夕');
  await sql.begin(async (tx) => {
    const [head] = await tx`update journal_heads set seq = seq + 3 where item = ${itemId} returning seq`;
    const state = Y.encodeStateAsUpdateV2(doc);
    await writeSnapshot(tx, { itemId, generation: 1, seq: head!.seq, state });
  });
  await until(() => writer.text() === '朝夕');
  // From there it goes on.
  writer.type('夜', 2);
  await writer.whenSaved();
  expect(await content(itemId)).toBe('朝夕夜');
});

test('bytes that are broken are not handed out', async () => {
  const itemId = await storedItem('山');
  const before = await content(itemId);
  await sql`update journal_wires set state = 'rotten' where item = ${itemId}`;
  expect(await loadWire(sql, itemId, 1)).toBeNull();
  const reader = page(itemId, clerk);
  await until(() => reader.text() === before);
});
