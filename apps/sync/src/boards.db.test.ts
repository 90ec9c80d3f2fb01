import { afterAll, afterEach, expect, test } from 'vitest';
import { Board, createNote, ELEMENTS, LIMITS, move, remove } from '@engawa/board';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import * as Y from 'yjs';
import { openClient, until, type TestClient } from './testing/client.ts';
import { openRaw, type Raw } from './testing/raw.ts';
import { serveSync } from './testing/serve.ts';
import { signInAs } from './testing/sessions.ts';

const world = await buildWorld();
const { services, sql } = world;
const node = await serveSync(services);
const officer = await signInAs(sql, world.officer.id);
const clerk = await signInAs(sql, world.clerk.id);
const open: { stop(): void }[] = [];

function page(itemId: string, token: string): TestClient & { board: Board } {
  const client = openClient({ url: node.url, itemId, token });
  open.push(client);
  return Object.assign(client, { board: new Board(client.doc) });
}

async function greeted(itemId: string, token = clerk): Promise<Raw> {
  const made = openRaw({ url: node.url, itemId, token });
  open.push({ stop: () => made.ws.terminate() });
  await made.whenOpen();
  made.greet();
  await until(() => made.received.length >= 3 || made.closed);
  return made;
}

async function shared() {
  const itemId = await world.item({ kind: 'board' });
  await world.give(world.clerk.id, itemId, 'editor');
  const witness = page(itemId, officer);
  const note = createNote(witness.board, { x: 0, y: 0 }, '元');
  await witness.whenSaved();
  return { itemId, witness, note };
}

const stored = async (itemId: string) => new Board(await readDocument(sql, itemId, 1));

/** What a change of this document would be sent as. */
function changed(from: Y.Doc, change: (doc: Y.Doc, elements: Y.Map<Y.Map<unknown>>) => void): Uint8Array {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(from));
  const before = Y.encodeStateVector(doc);
  change(doc, doc.getMap(ELEMENTS));
  return Y.encodeStateAsUpdate(doc, before);
}

afterEach(() => {
  for (const one of open.splice(0)) one.stop();
});
afterAll(() => node.stop());

test('two draw on one board, and what one makes, moves and deletes is on the other and in the journal', async () => {
  const { itemId, witness, note } = await shared();
  const author = page(itemId, clerk);
  await until(() => author.board.find(note));
  const mine = createNote(author.board, { x: 500, y: 0 }, '町の付箋');
  move(author.board, [note], 30, 40);
  await author.whenSaved();
  await until(() => witness.board.find(mine) && witness.board.find(note)?.x === -70);
  expect((await stored(itemId)).find(mine)?.text).toBe('町の付箋');
  remove(author.board, [note]);
  await author.whenSaved();
  await until(() => !witness.board.find(note));
  expect([...(await stored(itemId)).elements.keys()]).toEqual([mine]);
  expect([witness.closes, author.closes]).toEqual([[], []]);
});

const born = (x: unknown = 0, style: unknown = {}, kind: unknown = 'note', z: unknown = 'a5') => [
  kind,
  x,
  0,
  100,
  100,
  0,
  z,
  style,
];
const made = (keys: Record<string, unknown>) => new Y.Map(Object.entries(keys));

test.each<[string, (elements: Y.Map<Y.Map<unknown>>, doc: Y.Doc, note: string) => unknown]>([
  ['NaN', (all) => all.set('x', made({ n: born(NaN) }))],
  ['1e300', (all) => all.set('x', made({ n: born(1e300) }))],
  ['an infinite move of another’s', (all, _, note) => all.get(note)!.set('b', [Infinity, 0, 1, 1, 0])],
  ['ten megabytes of text', (all) => all.set('x', made({ n: born(), t: new Y.Text('あ'.repeat(10 << 18)) }))],
  [
    'too much text into another’s',
    (all, _, note) => (all.get(note)!.get('t') as Y.Text).insert(0, 'x'.repeat(LIMITS.text + 1)),
  ],
  ['an unknown key', (all) => all.set('x', made({ n: born(), href: 'javascript:alert(1)' }))],
  ['an unknown key beside known ones', (all, _, note) => all.get(note)!.set('onclick', 'alert(1)')],
  ['an unknown kind', (all) => all.set('x', made({ n: born(0, {}, 'script') }))],
  ['an unknown style', (all) => all.set('x', made({ n: born(0, { onclick: 'x' }) }))],
  ['a colour that is an address', (all, _, note) => all.get(note)!.set('p', { fill: 'url(//evil.example)' })],
  ['a number as text', (all) => all.set('x', made({ n: born('12') }))],
  ['a text as element', (all) => all.set('x', new Y.Text('a') as unknown as Y.Map<unknown>)],
  ['a value as element', (all) => all.set('x', 1 as unknown as Y.Map<unknown>)],
  ['a list in an element', (all, _, note) => all.get(note)!.set('l', new Y.Array())],
  ['XML as text', (all, _, note) => all.get(note)!.set('t', new Y.XmlText('a'))],
  ['a sub-document', (all) => all.set('x', new Y.Doc() as unknown as Y.Map<unknown>)],
  ['an id that is markup', (all) => all.set('<img src=x>', made({ n: born() }))],
  ['formats in a text', (all, _, note) => (all.get(note)!.get('t') as Y.Text).format(0, 1, { bold: true })],
  ['an embed in a text', (all, _, note) => (all.get(note)!.get('t') as Y.Text).insertEmbed(0, { src: 'x' })],
  ['another root', (_, doc) => doc.getMap('elsewhere').set('x', 1)],
  ['a root that is a text', (_, doc) => doc.getText('t').insert(0, 'x')],
  [
    'what a document is made of',
    (_, doc) => doc.getXmlFragment('content').insert(0, [new Y.XmlElement('paragraph')]),
  ],
])('%s closes that connection and touches nobody', async (_, attack) => {
  const { itemId, witness, note } = await shared();
  const before = Y.encodeStateVector(witness.doc);
  const program = await greeted(itemId);
  program.update(changed(witness.doc, (doc, all) => attack(all, doc, note)));
  expect(await program.whenClosed()).toMatchObject({ code: 4422, reason: 'sync.refused' });
  expect(Y.encodeStateVector(await readDocument(sql, itemId, 1))).toEqual(before);
  createNote(witness.board, { x: 900, y: 0 });
  await witness.whenSaved();
  expect(witness.closes).toEqual([]);
});

test('what a board is made of is refused by a document', async () => {
  const itemId = await world.item();
  await world.give(world.clerk.id, itemId, 'editor');
  const program = await greeted(itemId);
  program.update(changed(new Y.Doc(), (_, all) => all.set('x', made({ n: born() }))));
  expect(await program.whenClosed()).toMatchObject({ code: 4422 });
  expect((await stored(itemId)).elements.size).toBe(0);
});

test('deleting all, and putting another element in the place of one, are edits like others', async () => {
  const { itemId, witness, note } = await shared();
  const program = await greeted(itemId);
  program.update(changed(witness.doc, (_, all) => all.set(note, made({ n: born(7) }))));
  await until(() => witness.board.find(note)?.x === 7);
  program.update(changed(witness.doc, (_, all) => all.clear()));
  await until(() => witness.board.elements.size === 0);
  expect(program.closed).toBeNull();
});

test('strangers and folders are not found, viewers write nothing, and access ends within a second', async () => {
  const { itemId, witness, note } = await shared();
  const stranger = openRaw({ url: node.url, itemId, token: await signInAs(sql, world.stranger.id) });
  expect(await stranger.whenClosed()).toMatchObject({ code: 4404 });
  const folder = openRaw({ url: node.url, itemId: await world.item({ kind: 'folder' }), token: officer });
  expect(await folder.whenClosed()).toMatchObject({ code: 4404 });
  const grant = await world.give(world.stranger.id, itemId, 'viewer');
  const viewer = await greeted(itemId, await signInAs(sql, world.stranger.id));
  viewer.update(changed(witness.doc, (_, all) => all.delete(note)));
  await until(() => viewer.received.length > 3);
  expect((await stored(itemId)).find(note)).toBeDefined();
  await sql.begin(async (tx) => {
    await tx`update grants set revoked_at = now() where id = ${grant}`;
    await tx`update spaces set access_epoch = access_epoch + 1 where id = ${world.space}`;
  });
  expect(await viewer.whenClosed(1_000)).toMatchObject({ code: 4404 });
  expect(witness.closes).toEqual([]);
});
