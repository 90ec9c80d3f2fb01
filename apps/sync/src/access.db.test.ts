import { afterAll, afterEach, expect, test } from 'vitest';
import { ROLES } from '@engawa/access';
import { bumpEpoch, bumpEpochsOf, readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { newId, type Role } from '@engawa/schema';
import * as Y from 'yjs';
import { openClient, textOf, until, type TestClient } from './testing/client.ts';
import { openRaw, type Raw, type RawOptions } from './testing/raw.ts';
import { serveSync } from './testing/serve.ts';
import { signInAs } from './testing/sessions.ts';

const world = await buildWorld();
const { services, sql } = world;
const node = await serveSync(services);
const officer = await signInAs(sql, world.officer.id);
const clerk = await signInAs(sql, world.clerk.id);
const open: { stop(): void }[] = [];

function client(itemId: string, token: string | null, doc?: Y.Doc): TestClient {
  const made = openClient({ url: node.url, itemId, token, doc });
  open.push(made);
  return made;
}

async function raw(options: Partial<RawOptions> & { itemId: string }): Promise<Raw> {
  const made = openRaw({ url: node.url, ...options });
  open.push({ stop: () => made.ws.terminate() });
  await made.whenOpen();
  return made;
}

async function itemFor(role: Role): Promise<string> {
  const itemId = await world.item();
  await world.give(world.clerk.id, itemId, role);
  return itemId;
}

/** As domain does it: the change and the epoch in one transaction. */
async function setRole(itemId: string, role: Role | null): Promise<void> {
  const change = role ? sql`mask = ${ROLES[role]}` : sql`revoked_at = now()`;
  await sql.begin(async (tx) => {
    await tx`update grants set ${change} where object_id = ${itemId} and principal_id = ${world.clerk.id}`;
    await bumpEpoch(tx, world.space);
  });
}

const someEdit = () => {
  const doc = new Y.Doc();
  doc.getXmlFragment('content').insert(0, [new Y.XmlElement('paragraph')]);
  return Y.encodeStateAsUpdate(doc);
};

afterEach(() => {
  for (const one of open.splice(0)) one.stop();
});
afterAll(() => node.stop());

test('a grant taken back closes page and raw socket within a second, with a named code', async () => {
  const itemId = await itemFor('editor');
  const page = client(itemId, clerk);
  const program = await raw({ itemId, token: clerk });
  program.greet();
  page.type('町');
  await page.whenSaved();
  await until(() => program.received.length > 1);
  const start = performance.now();
  await setRole(itemId, null);
  await Promise.all([until(() => page.closes.length > 0, 1_000), program.whenClosed(1_000)]);
  expect(performance.now() - start).toBeLessThan(1_000);
  expect(page.closes[0]).toMatchObject({ code: 4404 });
  expect(page.notices).toContainEqual(expect.objectContaining({ kind: 'closing', end: 'notFound' }));
  expect(program.closed).toMatchObject({ code: 4404 });
});

test('a socket that does not answer the close is cut', async () => {
  const itemId = await itemFor('editor');
  const program = await raw({ itemId, token: clerk });
  program.greet();
  await until(() => program.received.length > 1);
  // Reads nothing any more, so it neither sees the close nor answers it.
  program.ws.pause();
  const start = performance.now();
  await setRole(itemId, null);
  await until(async () => (await node.sockets()) === 0, 1_000);
  expect(performance.now() - start).toBeLessThan(1_000);
});

test('a lost notification costs no more than the next question, and a grant ends by the clock', async () => {
  const itemId = await itemFor('editor');
  const lost = client(itemId, clerk);
  lost.type('町');
  await lost.whenSaved();
  await sql`update grants set revoked_at = now() where object_id = ${itemId}`;
  // Without pg_notify.
  await sql`update spaces set access_epoch = access_epoch + 1 where id = ${world.space}`;
  await until(() => lost.closes.length > 0, 1_000);
  const ending = await world.item();
  await world.give(world.clerk.id, ending, 'editor', new Date(Date.now() + 1_500));
  const page = client(ending, clerk);
  page.type('町');
  await page.whenSaved();
  expect(page.closes).toEqual([]);
  await until(() => page.closes.length > 0, 2_500);
  expect(page.closes[0]).toMatchObject({ code: 4404 });
});

test('a signed-out session closes its pages', async () => {
  const itemId = await itemFor('editor');
  const token = await signInAs(sql, world.clerk.id);
  const page = client(itemId, token);
  page.type('町');
  await page.whenSaved();
  await sql.begin(async (tx) => {
    await tx`delete from sessions where person_id = ${world.clerk.id} and token_hash = sha256(${token}::text::bytea)`;
    await bumpEpochsOf(tx, world.clerk.id);
  });
  await until(() => page.closes.length > 0, 1_000);
  expect(page.closes[0]).toMatchObject({ code: 4401 });
});

test('a downgraded page stays, hears of it, and cannot write; given back, it writes what it has', async () => {
  const itemId = await itemFor('editor');
  const page = client(itemId, clerk);
  page.type('前');
  await page.whenSaved();
  await setRole(itemId, 'commenter');
  await until(() => page.notices.some((notice) => notice.kind === 'access' && notice.readOnly), 1_000);
  page.type('後');
  await until(() => page.saved.state === 'refused');
  expect(page.closes).toEqual([]);
  expect(textOf(await readDocument(sql, itemId, 1))).toBe('前');
  await setRole(itemId, 'editor');
  await until(() => page.closes.some((close) => close.code === 4205), 2_000);
  await until(async () => textOf(await readDocument(sql, itemId, 1)) === '前後');
});

test.each<[Role, number | null]>([
  ['commenter', null],
  ['viewer', null],
  ['previewer', 4403],
  ['uploader', 4404],
])('a raw socket of a %s cannot write', async (role, code) => {
  const itemId = await itemFor(role);
  const seed = client(itemId, officer);
  seed.type('元');
  await seed.whenSaved();
  const program = await raw({ itemId, token: clerk });
  if (code) {
    expect(await program.whenClosed()).toMatchObject({ code });
  } else {
    program.greet();
    await until(() => program.received.length >= 4);
    // As a change, and as an answer to the server's question. SyncStatus 0: not applied.
    for (const step of [2, 1] as const) {
      const before = program.received.length;
      program.update(someEdit(), step);
      await until(() =>
        program.received.slice(before).some((frame) => frame.at(-2) === 8 && frame.at(-1) === 0),
      );
    }
  }
  expect(textOf(await readDocument(sql, itemId, 1))).toBe('元');
});

test('who is nobody, or was somebody, is told to sign in', async () => {
  const itemId = await itemFor('editor');
  const over = await signInAs(sql, world.clerk.id, -1);
  for (const token of [null, 'x'.repeat(43), 'short', over]) {
    const program = await raw({ itemId, token });
    expect(await program.whenClosed()).toMatchObject({ code: 4401, reason: 'unauthenticated' });
  }
});

test('what may not be known of, what is none, and the trash read the same', async () => {
  const itemId = await world.item();
  const folder = await world.item({ kind: 'folder' });
  const trashed = await itemFor('editor');
  await sql`update items set trash_root = id where id = ${trashed}`;
  for (const [id, token] of [
    [itemId, clerk],
    [newId(), officer],
    [folder, officer],
    [trashed, clerk],
    [world.space, officer],
  ] as const) {
    const program = await raw({ itemId: id, token });
    expect(await program.whenClosed()).toMatchObject({ code: 4404, reason: 'not_found' });
  }
});

test('another generation is refused, and a new one ends the old', async () => {
  const itemId = await itemFor('editor');
  const old = await raw({ itemId, token: clerk, generation: 2 });
  expect(await old.whenClosed()).toMatchObject({ code: 4409, reason: 'sync.generation' });
  const page = client(itemId, clerk);
  page.type('消す');
  await page.whenSaved();
  await sql.begin(async (tx) => {
    await tx`update items set generation = 2 where id = ${itemId}`;
    await tx`delete from journal_heads where item = ${itemId}`;
    await bumpEpoch(tx, world.space);
  });
  await until(() => page.closes.length > 0, 1_000);
  expect(page.closes[0]).toMatchObject({ code: 4409 });
});

test('foreign and missing origins, and addresses that are none, get no socket', async () => {
  const itemId = await itemFor('editor');
  for (const origin of ['https://evil.example', 'null', null]) {
    const program = await raw({ itemId, token: clerk, origin });
    expect(await program.whenClosed()).toMatchObject({ code: 403 });
  }
  for (const path of [
    '/sync/',
    '/sync/x?g=1',
    `/sync/${itemId}`,
    `/sync/${itemId}?g=0`,
    `/sync/${itemId}?g=1e99`,
  ]) {
    const program = await raw({ itemId, token: clerk, path });
    expect(await program.whenClosed()).toMatchObject({ code: 404 });
  }
});
