import { afterAll, afterEach, expect, test } from 'vitest';
import { readDocument, waitingBytes } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { documentName } from '@engawa/schema';
import { register } from 'prom-client';
import { encodeAwarenessUpdate, Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { openClient, textOf, until, type TestClient } from './testing/client.ts';
import { frameOf, openRaw, type Raw } from './testing/raw.ts';
import { serveSync } from './testing/serve.ts';
import { signInAs } from './testing/sessions.ts';

const world = await buildWorld();
const { services, sql } = world;
const node = await serveSync(services);
const officer = await signInAs(sql, world.officer.id);
const clerk = await signInAs(sql, world.clerk.id);
const open: { stop(): void }[] = [];

function page(itemId: string, token: string, doc?: Y.Doc): TestClient {
  const made = openClient({ url: node.url, itemId, token, doc });
  open.push(made);
  return made;
}

async function greeted(itemId: string, token = clerk): Promise<Raw> {
  const made = openRaw({ url: node.url, itemId, token });
  open.push({ stop: () => made.ws.terminate() });
  await made.whenOpen();
  made.greet();
  await until(() => made.received.length >= 3 || made.closed);
  return made;
}

async function shared(): Promise<{ itemId: string; witness: TestClient; name: string }> {
  const itemId = await world.item();
  await world.give(world.clerk.id, itemId, 'editor');
  const witness = page(itemId, officer);
  witness.type('元');
  await witness.whenSaved();
  return { itemId, witness, name: documentName(itemId, 1) };
}

async function refused(reason: string): Promise<number> {
  const { values } = await register.getSingleMetric('engawa_sync_refused_frames_total')!.get();
  return values.find(({ labels }) => labels['reason'] === reason)?.value ?? 0;
}

const content = async (itemId: string) => textOf(await readDocument(sql, itemId, 1));

/** What a change of this document would be sent as. */
function changed(
  from: Y.Doc,
  change: (doc: Y.Doc, root: Y.XmlFragment) => void,
  clientId?: number,
): Uint8Array {
  const doc = new Y.Doc();
  if (clientId) doc.clientID = clientId;
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(from));
  if (clientId) doc.clientID = clientId;
  const before = Y.encodeStateVector(doc);
  change(doc, doc.getXmlFragment('content'));
  return Y.encodeStateAsUpdate(doc, before);
}

afterEach(() => {
  for (const one of open.splice(0)) one.stop();
});
afterAll(() => node.stop());

test("edits under another person's client id are refused, and reach nobody", async () => {
  const { itemId, witness } = await shared();
  const program = await greeted(itemId);
  const forged = changed(
    witness.doc,
    (_, root) => root.insert(0, [new Y.XmlElement('paragraph')]),
    witness.doc.clientID,
  );
  program.update(forged);
  expect(await program.whenClosed()).toMatchObject({ code: 4422, reason: 'sync.refused' });
  expect(await content(itemId)).toBe('元');
  witness.type('々');
  await witness.whenSaved();
  expect(witness.closes).toEqual([]);
});

test("a person's offline edits of an earlier page pass, and another cannot bring them", async () => {
  const { itemId, witness } = await shared();
  const before = page(itemId, clerk);
  await until(() => before.text() === '元');
  before.type('町');
  await before.whenSaved();
  before.provider.disconnect();
  before.type('村');
  const stored = Y.encodeStateAsUpdate(before.doc);
  before.stop();
  // The officer's page may hold the clerk's stored edits only when they are durable: these are not.
  const thief = new Y.Doc();
  Y.applyUpdate(thief, stored);
  const other = page(itemId, officer, thief);
  await until(() => other.closes.some((close) => close.code === 4422));
  const later = new Y.Doc();
  Y.applyUpdate(later, stored);
  const again = page(itemId, clerk, later);
  again.type('市');
  await again.whenSaved();
  await until(() => witness.text() === '元町村市');
});

test('content that the editor cannot have made is refused', async () => {
  const { itemId, witness } = await shared();
  const paragraph = (root: Y.XmlFragment) => root.get(0) as Y.XmlElement;
  const attacks: ((doc: Y.Doc, root: Y.XmlFragment) => void)[] = [
    (_, root) => root.insert(0, [new Y.XmlElement('script')]),
    (_, root) => paragraph(root).setAttribute('onclick', 'alert(1)'),
    (_, root) =>
      (paragraph(root).get(0) as Y.XmlText).format(0, 1, { link: { href: 'javascript:alert(1)' } }),
    (_, root) => (paragraph(root).get(0) as Y.XmlText).format(0, 1, { blink: {} }),
    (_, root) => (paragraph(root).get(0) as Y.XmlText).insertEmbed(0, { src: 'x' }),
    (doc) => doc.getMap('elsewhere').set('a', 1),
    (_, root) => root.insert(0, [new Y.XmlText('文')]),
  ];
  for (const attack of attacks) {
    const program = await greeted(itemId);
    program.update(changed(witness.doc, attack));
    expect(await program.whenClosed(), String(attack)).toMatchObject({ code: 4422 });
  }
  expect(await content(itemId)).toBe('元');
  expect(witness.closes).toEqual([]);
});

test('what the editor does make passes: attributes set again, marks, deletions, undo', async () => {
  const { itemId, witness } = await shared();
  const author = page(itemId, clerk);
  await until(() => author.text() === '元');
  const undo = new Y.UndoManager(author.doc.getXmlFragment('content'), { captureTimeout: 0 });
  const root = author.doc.getXmlFragment('content');
  const heading = new Y.XmlElement('heading');
  root.insert(1, [heading]);
  for (const level of [1, 2, 3, 2]) heading.setAttribute('level', level as unknown as string);
  heading.insert(0, [new Y.XmlText('見出し')]);
  (heading.get(0) as Y.XmlText).format(0, 2, { bold: {} });
  (heading.get(0) as Y.XmlText).format(0, 1, { bold: null });
  (heading.get(0) as Y.XmlText).delete(2, 1);
  for (let i = 0; i < 3; i += 1) undo.undo();
  for (let i = 0; i < 2; i += 1) undo.redo();
  undo.undo();
  root.delete(0, 1);
  undo.undo();
  await author.whenSaved();
  expect(author.closes).toEqual([]);
  await until(() => witness.doc.getXmlFragment('content').toString() === root.toString());
});

test('an edit by thousands of client ids, each of which would be leased for ever, is refused', async () => {
  const { itemId, witness } = await shared();
  const flood = new Y.Doc();
  for (let id = 0; id < 1_500; id += 1) {
    const doc = new Y.Doc();
    doc.clientID = 10_000 + id;
    doc.getXmlFragment('content').insert(0, [new Y.XmlElement('paragraph')]);
    Y.applyUpdate(flood, Y.encodeStateAsUpdate(doc));
  }
  const program = await greeted(itemId);
  program.update(Y.encodeStateAsUpdate(flood));
  expect(await program.whenClosed()).toMatchObject({ code: 4422 });
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from client_leases where item = ${itemId}`;
  expect(row!.count).toBeLessThan(10);
  expect(witness.closes).toEqual([]);
});

test('one person who opens sockets without end, in however many sessions, leaves room for others', async () => {
  const { itemId } = await shared();
  const sessions = await Promise.all([1, 2, 3].map(() => signInAs(sql, world.clerk.id)));
  const flood = sessions.flatMap((token) =>
    Array.from({ length: 80 }, () => openRaw({ url: node.url, itemId, token })),
  );
  for (const one of flood) open.push({ stop: () => one.ws.terminate() });
  await Promise.all(flood.map((one) => one.whenOpen()));
  await until(() => flood.filter((one) => one.closed?.code === 4429).length >= 40, 10_000);
  expect(flood.filter((one) => one.closed).length).toBeLessThan(60);
  const other = await greeted(itemId, officer);
  expect(other.closed).toBeNull();
});

test('an edit that stands on what is missing makes the page resynchronise', async () => {
  const { itemId, witness } = await shared();
  const program = await greeted(itemId);
  const ahead = new Y.Doc();
  Y.applyUpdate(ahead, Y.encodeStateAsUpdate(witness.doc));
  ahead.getXmlFragment('content').insert(0, [new Y.XmlElement('paragraph')]);
  const before = Y.encodeStateVector(ahead);
  ahead.getXmlFragment('content').insert(0, [new Y.XmlElement('paragraph')]);
  program.update(Y.encodeStateAsUpdate(ahead, before));
  expect(await program.whenClosed()).toMatchObject({ code: 4508 });
});

test('carets: only one’s own, only known fields, and the name is the server’s', async () => {
  const { itemId, witness, name } = await shared();
  const start = { type: null, tname: 'content', item: null, assoc: 0 };
  let clocks = 0;
  const say = (clientId: number, state: object | null) => {
    const awareness = new Awareness(Object.assign(new Y.Doc(), { clientID: clientId }));
    clocks += 9;
    for (let clock = 0; clock < clocks; clock += 1)
      awareness.setLocalState(state as Record<string, unknown> | null);
    const bytes = encodeAwarenessUpdate(awareness, [clientId]);
    awareness.destroy();
    return frameOf([name, 1, bytes]);
  };
  witness.provider.setAwarenessField('cursor', null);
  const program = await greeted(itemId);
  program.ws.send(
    say(4711, {
      user: { name: '知事' },
      cursor: { anchor: { ...start, more: 1 }, head: start, more: 1 },
      secret: 'x',
    }),
  );
  await until(() => witness.provider.awareness!.getStates().has(4711));
  expect(witness.provider.awareness!.getStates().get(4711)).toEqual({
    user: {
      id: world.clerk.id,
      name: '町野 さくら',
      organisation: '益子町',
      color: expect.stringMatching(/^#/),
    },
    cursor: { anchor: start, head: start },
  });
  // A caret that would throw in the editor of everybody else is none.
  const place = { client: 1, clock: 0 };
  for (const part of [
    null,
    1,
    {},
    { tname: 'x' },
    { item: 1 },
    { type: { ...place, clock: -1 } },
    { item: { client: 1 } },
  ]) {
    program.ws.send(say(4711, { cursor: { anchor: start, head: start } }));
    await until(() => witness.provider.awareness!.getStates().get(4711)!['cursor'] !== null);
    program.ws.send(say(4711, { cursor: { anchor: part, head: start } }));
    await until(() => witness.provider.awareness!.getStates().get(4711)!['cursor'] === null);
  }
  // A second id of the same connection, and saying goodbye for somebody else, have no effect.
  program.ws.send(say(4712, { user: {} }));
  program.ws.send(say(witness.doc.clientID, null));
  program.ws.send(say(4711, null));
  await until(() => !witness.provider.awareness!.getStates().has(4711));
  expect([...witness.provider.awareness!.getStates().keys()]).toEqual([witness.doc.clientID]);
  // Speaking first by an id that somebody else is using is not heard, and costs neither of them the connection.
  const forger = await greeted(itemId);
  const before = await refused('caret');
  forger.ws.send(say(witness.doc.clientID, { user: { name: '知事' } }));
  await until(async () => (await refused('caret')) === before + 1);
  expect(forger.closed).toBeNull();
  expect(witness.provider.awareness!.getStates().get(witness.doc.clientID)).toEqual({ cursor: null });
  expect(witness.closes).toEqual([]);
});

test('frames that no page sends close that connection, with a reason, and touch nobody else', async () => {
  const { itemId, witness, name } = await shared();
  const edit = changed(witness.doc, (_, root) => root.insert(0, [new Y.XmlElement('paragraph')]));
  const other = documentName(await world.item(), 1);
  const frames: (Uint8Array | string)[] = [
    'text',
    new Uint8Array(),
    new Uint8Array([255, 255, 255, 255, 255, 255, 255, 255]),
    frameOf([other, 0, 2, edit]),
    frameOf([`${name}\0session`, 0, 2, edit]),
    frameOf([name, 4, 2, edit]),
    frameOf([name, 5, 'stateless']),
    frameOf([name, 6, 'broadcast']),
    frameOf([name, 8, 1]),
    frameOf([name, 99]),
    frameOf([name, 0, 3, edit]),
    frameOf([name, 0, 2, edit, 7]),
    frameOf([name, 0, 2, edit.subarray(0, edit.length - 3)]),
    frameOf([name, 0, 0, new Uint8Array([9, 9, 9])]),
    frameOf([name, 1, new Uint8Array([1, 1, 1, 3, 123, 123, 123])]),
    frameOf([name, 2, 0, 'again']),
    frameOf([name]),
  ];
  for (const bad of frames) {
    const program = await greeted(itemId);
    program.ws.send(bad);
    expect(await program.whenClosed(), String(bad)).toMatchObject({ code: 4400, reason: 'sync.malformed' });
  }
  const early = openRaw({ url: node.url, itemId, token: clerk });
  await early.whenOpen();
  early.update(edit);
  expect(await early.whenClosed()).toMatchObject({ code: 4400 });
  expect(witness.closes).toEqual([]);
  expect(await content(itemId)).toBe('元');
});

test('a reader that stops reading is dropped, not buffered for without bound', async () => {
  const { itemId, witness } = await shared();
  const program = await greeted(itemId);
  program.ws.pause();
  const before = await node.sockets();
  const block = '長い'.repeat(60_000);
  for (let i = 0; i < 60 && (await node.sockets()) === before; i += 1) {
    witness.type(block);
    await witness.whenSaved();
  }
  expect(await node.sockets()).toBe(before - 1);
  expect(witness.closes).toEqual([]);
});

test('while an item cannot be written its senders are not read, others go on, and in the end all of it is there', async () => {
  const { itemId, witness } = await shared();
  const elsewhere = page(await world.item(), officer);
  const sender = await greeted(itemId);
  const holder = await sql.reserve();
  await holder`begin`;
  await holder`select 1 from journal_heads where item = ${itemId} for update`;
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(witness.doc));
  doc.on('update', (update: Uint8Array) => sender.update(update));
  const text = (doc.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText;
  for (let sent = 0; sent < 64; sent += 1) text.insert(0, 'x'.repeat(1 << 18));
  // What is on its way stays with the sender: the server holds two megabytes of it, and what TCP has.
  for (let round = 0; round < 5; round += 1) {
    elsewhere.type('隣');
    await elsewhere.whenSaved(20_000);
  }
  expect(waitingBytes(services)).toBeLessThan(4 << 20);
  expect(sender.ws.bufferedAmount).toBeGreaterThan(1 << 20);
  await holder`commit`;
  holder.release();
  const seen = (witness.doc.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText;
  await until(() => seen.length === (64 << 18) + 1, 40_000);
  expect(sender.closed).toBeNull();
  expect((await content(itemId)).length).toBe((64 << 18) + 1);
});

test('who asks without end is slowed or let go: for everything, for pongs, before it was their turn', async () => {
  const { itemId, witness, name } = await shared();
  const asking = await greeted(itemId);
  for (let i = 0; i < 300; i += 1) asking.send(name, 0, 0, Y.encodeStateVector(new Y.Doc()));
  expect(await asking.whenClosed()).toMatchObject({ code: 4429 });
  const pinging = await greeted(itemId);
  let pongs = 0;
  pinging.ws.on('pong', () => (pongs += 1));
  for (let i = 0; i < 100_000; i += 1) pinging.ws.ping();
  await until(() => pongs > 0);
  witness.type('々');
  await witness.whenSaved();
  expect(pongs).toBeLessThan(50_000);
  const early = openRaw({ url: node.url, itemId, token: clerk });
  open.push({ stop: () => early.ws.terminate() });
  await early.whenOpen();
  early.send(name, 2, 0, 'cookie');
  await until(() => early.received.length >= 1);
  const known = Y.encodeStateAsUpdate(new Y.Doc());
  for (let i = 0; i < 12_000; i += 1) early.update(known);
  witness.type('々');
  await witness.whenSaved();
  expect(witness.closes).toEqual([]);
});

test('an oversized frame closes that connection before it is read', async () => {
  const { itemId, witness } = await shared();
  const program = await greeted(itemId);
  program.ws.send(new Uint8Array(16 * 1024 * 1024 + 1));
  expect((await program.whenClosed()).code).toBeOneOf([4413, 1009, 1006]);
  expect(witness.closes).toEqual([]);
});
