import { afterAll, afterEach, expect, test } from 'vitest';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { openClient, textOf, until, type TestClient, type TestClientOptions } from './testing/client.ts';
import { serveSync } from './testing/serve.ts';
import { signInAs } from './testing/sessions.ts';

const world = await buildWorld();
const { services, sql } = world;
const node = await serveSync(services);
const officer = await signInAs(sql, world.officer.id);
const clerk = await signInAs(sql, world.clerk.id);
const clients: TestClient[] = [];

function open(options: Partial<TestClientOptions> & { itemId: string; token: string | null }): TestClient {
  const client = openClient({ url: node.url, ...options });
  clients.push(client);
  return client;
}

afterEach(() => {
  for (const client of clients.splice(0)) client.stop();
});
afterAll(() => node.stop());

test('two people write one document; what is shown as saved is in the journal', async () => {
  const itemId = await world.item();
  await world.give(world.clerk.id, itemId, 'editor');
  const [a, b] = [open({ itemId, token: officer }), open({ itemId, token: clerk })];
  a.type('縁側');
  await a.whenSaved();
  expect(textOf(await readDocument(sql, itemId, 1))).toBe('縁側');
  await until(() => b.text() === '縁側');
  b.type('で話す');
  await b.whenSaved();
  await until(() => a.text() === '縁側で話す');
  expect(textOf(await readDocument(sql, itemId, 1))).toBe('縁側で話す');
  const authors = await sql`select count(*)::int as n from client_leases where item = ${itemId}`;
  expect(authors[0]!.n).toBe(2);
});

test('a document is loaded again from the journal when nobody had it open', async () => {
  const itemId = await world.item();
  const first = open({ itemId, token: officer });
  first.type('残る');
  await first.whenSaved();
  first.stop();
  const second = open({ itemId, token: officer });
  await until(() => second.text() === '残る');
});
