import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '@engawa/db';
import { append, load, readDocument, waitingBytes } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import * as Y from 'yjs';
import { openClient, textOf, until, type TestClient } from './testing/client.ts';
import { serveSync } from './testing/serve.ts';
import { signInAs } from './testing/sessions.ts';
import { spawnNode } from './testing/spawn.ts';

const world = await buildWorld();
const { services, sql } = world;
const other = openDatabase(world.databaseUrl, { max: 6 });
const [first, second] = [await serveSync(services), await serveSync({ ...services, sql: other })];
const officer = await signInAs(sql, world.officer.id);
const clerk = await signInAs(sql, world.clerk.id);

afterAll(async () => {
  await Promise.all([first.stop(), second.stop()]);
  await other.end();
});

async function sharedItem(): Promise<string> {
  const itemId = await world.item();
  await world.give(world.clerk.id, itemId, 'editor');
  return itemId;
}

/** Equal text, equal state: what two pages that were given the same edits must have. */
async function converged(itemId: string, ...pages: TestClient[]): Promise<void> {
  const vectors = () => pages.map((page) => Buffer.from(Y.encodeStateVector(page.doc)).toString('hex'));
  await until(
    () => new Set(vectors()).size === 1 && pages.every((page) => page.saved.state === 'saved'),
    10_000,
  );
  const stored = textOf(await readDocument(sql, itemId, 1));
  for (const page of pages) expect(page.text()).toBe(stored);
}

test('two nodes with the same item open converge by the journal alone', async () => {
  const itemId = await sharedItem();
  const a = openClient({ url: first.url, itemId, token: officer });
  const b = openClient({ url: second.url, itemId, token: clerk });
  a.type('始');
  await until(() => b.text() === '始');
  for (let round = 0; round < 60; round += 1) {
    a.type('県', round % 3);
    b.type('町', round % 2);
    if (round % 5 === 0) await new Promise((done) => setTimeout(done, 10));
  }
  await converged(itemId, a, b);
  expect(a.text().length).toBe(121);
  expect([...a.closes, ...b.closes]).toEqual([]);
  a.stop();
  b.stop();
});

test('a page that moves to another node in the middle of typing loses and doubles nothing', async () => {
  const itemId = await sharedItem();
  const witness = openClient({ url: first.url, itemId, token: clerk });
  witness.type('始');
  let page = openClient({ url: first.url, itemId, token: officer });
  await until(() => page.text() === '始');
  for (let move = 0; move < 6; move += 1) {
    for (let i = 0; i < 10; i += 1) page.type('あ');
    witness.type('い');
    const { doc } = page;
    page.stop();
    page = openClient({ url: (move % 2 ? first : second).url, itemId, token: officer, doc });
    page.type('う');
  }
  await converged(itemId, page, witness);
  expect(page.text().length).toBe(73);
  page.stop();
  witness.stop();
});

test('whatever is appended by a job shows on open pages', async () => {
  const itemId = await sharedItem();
  const pages = [first, second].map((node) => openClient({ url: node.url, itemId, token: officer }));
  await Promise.all(pages.map((page) => until(() => page.provider.synced)));
  const doc = new Y.Doc();
  const paragraph = new Y.XmlElement('paragraph');
  doc.getXmlFragment('content').insert(0, [paragraph]);
  paragraph.insert(0, [new Y.XmlText('取り込み')]);
  await append(services, {
    itemId,
    generation: 1,
    author: world.officer.id,
    updates: [Y.encodeStateAsUpdate(doc)],
  });
  await Promise.all(pages.map((page) => until(() => page.text() === '取り込み', 2_000)));
  for (const page of pages) page.stop();
});

test('what a verb and a page write in one flush shows on every page', async () => {
  const itemId = await sharedItem();
  const [a, b] = [officer, clerk].map((token) => openClient({ url: first.url, itemId, token })) as [
    TestClient,
    TestClient,
  ];
  a.type('始');
  await until(() => b.text() === '始');
  await a.whenSaved();
  const doc = await readDocument(sql, itemId, 1);
  const vector = Y.encodeStateVector(doc);
  ((doc.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(0, '票');
  // Whoever holds the head makes both wait for the same flush.
  const holder = await sql.reserve();
  await holder`begin`;
  await holder`select 1 from journal_heads where item = ${itemId} for update`;
  const verb = append(services, {
    itemId,
    generation: 1,
    author: world.officer.id,
    updates: [Y.encodeStateAsUpdate(doc, vector)],
  });
  const before = waitingBytes(services);
  a.type('県');
  b.type('町');
  await until(() => waitingBytes(services) > before + 30);
  await holder`commit`;
  holder.release();
  await verb;
  await until(() => [a, b].every((page) => /票/.test(page.text())), 10_000);
  await converged(itemId, a, b);
  expect(a.text()).toHaveLength(4);
  a.stop();
  b.stop();
});

test('a process of its own and this one converge', async () => {
  const itemId = await sharedItem();
  const child = await spawnNode({ databaseUrl: world.databaseUrl, port: 0 });
  const a = openClient({ url: first.url, itemId, token: officer });
  const b = openClient({ url: child.url, itemId, token: clerk });
  a.type('甲');
  await until(() => b.text() === '甲', 10_000);
  for (let round = 0; round < 40; round += 1) {
    a.type('県');
    b.type('町', 0);
    if (round % 4 === 0) await new Promise((done) => setTimeout(done, 8));
  }
  await converged(itemId, a, b);
  expect(a.text().length).toBe(81);
  a.stop();
  b.stop();
  expect(await child.stop()).toBe(0);
});

test('a long tail is merged into a snapshot, from which the document opens', async () => {
  const itemId = await sharedItem();
  const page = openClient({ url: first.url, itemId, token: officer });
  for (let i = 0; i < 30; i += 1) {
    page.type('雨');
    await page.whenSaved();
  }
  page.stop();
  await until(async () => (await load(sql, itemId, 1)).snapshotSeq > 0, 10_000);
  const loaded = await load(sql, itemId, 1);
  expect(loaded.tail.length).toBe(loaded.seq - loaded.snapshotSeq);
  const again = openClient({ url: second.url, itemId, token: clerk });
  await until(() => again.text() === '雨'.repeat(30));
  again.stop();
});

test('draining writes down what is on its way and closes with 1012; pages go on elsewhere', async () => {
  const itemId = await sharedItem();
  const pool = openDatabase(world.databaseUrl, { max: 4 });
  const node = await serveSync({ ...services, sql: pool });
  const page = openClient({ url: node.url, itemId, token: officer });
  page.type('前');
  await page.whenSaved();
  page.type('後');
  await node.stop();
  await until(() => page.closes.length > 0);
  expect(page.closes[0]).toMatchObject({ code: 1012 });
  expect(node.sync.ready()).toBe(false);
  const { doc } = page;
  page.stop();
  await pool.end();
  const moved = openClient({ url: second.url, itemId, token: officer, doc });
  moved.type('々');
  await moved.whenSaved();
  expect(textOf(await readDocument(sql, itemId, 1))).toBe('前後々');
  moved.stop();
});
