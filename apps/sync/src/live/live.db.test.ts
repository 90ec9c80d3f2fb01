import { afterAll, afterEach, expect, test } from 'vitest';
import { ROLES } from '@engawa/access';
import { openDatabase } from '@engawa/db';
import { bumpEpoch, record } from '@engawa/domain';
import { buildWorld, createTestPerson } from '@engawa/domain/testing';
import { LIVE_PATH, newId, type LivePerson, type WatchAnswer } from '@engawa/schema';
import { io, type Socket } from 'socket.io-client';
import { until } from '../testing/client.ts';
import { startProxy } from '../testing/proxy.ts';
import { serveSync } from '../testing/serve.ts';
import { signInAs } from '../testing/sessions.ts';

const world = await buildWorld();
const { services, sql, space } = world;
const node = await serveSync(services);
const officer = await signInAs(sql, world.officer.id);
const clerk = await signInAs(sql, world.clerk.id);
await world.give(world.clerk.id, space, 'editor');
const sockets: Socket[] = [];

interface Page {
  socket: Socket;
  changed: number;
  people: LivePerson[];
  ended: string[];
  failure: string | null;
}

function page(
  token: string | null,
  { origin = 'http://localhost:3000', transports = ['websocket'], url = node.url } = {},
): Page {
  const extraHeaders = { origin, cookie: `engawa_session=${token}` };
  const socket = io(url.replace('ws', 'http'), {
    path: LIVE_PATH,
    transports,
    extraHeaders,
    forceNew: true,
    reconnection: false,
  });
  sockets.push(socket);
  const made: Page = { socket, changed: 0, people: [], ended: [], failure: null };
  socket.on('space:changed', () => (made.changed += 1));
  socket.on('space:presence', ({ people }) => (made.people = people));
  socket.on('access:ended', ({ objectId }) => made.ended.push(objectId));
  socket.on('connect_error', (error) => (made.failure = error.message));
  return made;
}

const ask = (of: Page, event: string, input: unknown): Promise<WatchAnswer> =>
  of.socket.timeout(3_000).emitWithAck(event, input);
const change = () =>
  sql.begin((tx) =>
    record(tx, world.officer.ctx, { verb: 'spaces.updated', objectKind: 'space', objectId: space }),
  );

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
afterAll(() => node.stop());

test('who watches a space hears that it changed, once for many changes, and sees each person once', async () => {
  const [a, again, b] = [page(officer), page(officer), page(clerk)];
  for (const one of [a, again, b]) expect(await ask(one, 'watch', { spaceId: space })).toEqual({ ok: true });
  await until(() => a.people.length === 2 && b.people.length === 2);
  expect(a.people.map((person) => person.organisation).sort()).toEqual(['栃木県', '益子町']);
  await Promise.all(Array.from({ length: 20 }, change));
  await until(() => a.changed > 0 && b.changed > 0, 1_000);
  await new Promise((done) => setTimeout(done, 300));
  expect(a.changed).toBeLessThan(6);
  expect(await ask(b, 'unwatch', { spaceId: space })).toEqual({ ok: true });
  await until(() => a.people.length === 1);
  const before = b.changed;
  await change();
  await new Promise((done) => setTimeout(done, 300));
  expect(b.changed).toBe(before);
});

test('one person with pages without end leaves room for others', async () => {
  const many = Array.from({ length: 300 }, () => page(clerk));
  await until(() => many.every(({ socket }) => socket.connected), 20_000);
  const [more, other] = [page(clerk), page(officer)];
  await until(() => more.failure === 'too_many' && other.socket.connected);
  many[0]!.socket.disconnect();
  const later = page(clerk);
  await until(() => {
    if (!later.socket.active && !later.socket.connected) later.socket.connect();
    return later.socket.connected;
  });
});

test('it works over polling, where WebSockets are blocked', async () => {
  const a = page(officer, { transports: ['polling'] });
  expect(await ask(a, 'watch', { spaceId: space })).toEqual({ ok: true });
  await change();
  await until(() => a.changed > 0, 2_000);
});

test('what changed while the node could not listen is told when it can again', async () => {
  const line = await startProxy(world.databaseUrl);
  const pool = openDatabase(line.url, { max: 2 });
  const other = await serveSync({ ...services, sql: pool });
  const a = page(officer, { url: other.url });
  expect(await ask(a, 'watch', { spaceId: space })).toEqual({ ok: true });
  await change();
  await until(() => a.changed === 1);
  line.cut();
  await change();
  await new Promise((done) => setTimeout(done, 300));
  expect(a.changed).toBe(1);
  line.restore();
  await until(() => a.changed > 1, 10_000);
  // Once, and then as ever.
  await new Promise((done) => setTimeout(done, 300));
  expect(a.changed).toBe(2);
  await change();
  await until(() => a.changed === 3);
  await other.stop();
  await pool.end({ timeout: 1 });
  await line.stop();
});

test('access taken back: no more hints, and the page is told, within a second', async () => {
  const b = page(clerk);
  expect(await ask(b, 'watch', { spaceId: space })).toEqual({ ok: true });
  const start = performance.now();
  await sql.begin(async (tx) => {
    await tx`update grants set revoked_at = now() where principal_id = ${world.clerk.id}`;
    await bumpEpoch(tx, space);
  });
  await until(() => b.ended.includes(space), 1_000);
  expect(performance.now() - start).toBeLessThan(1_000);
  const before = b.changed;
  await change();
  await new Promise((done) => setTimeout(done, 300));
  expect(b.changed).toBe(before);
  expect(await ask(b, 'watch', { spaceId: space })).toEqual({ ok: false, code: 'not_found' });
});

test('who was invited to one folder hears hints, and not who else is there', async () => {
  const itemId = await world.item();
  const grant = await world.give(world.stranger.id, itemId, 'viewer');
  const [a, guest] = [page(officer), page(await signInAs(sql, world.stranger.id))];
  expect(await ask(a, 'watch', { spaceId: space })).toEqual({ ok: true });
  expect(await ask(guest, 'watch', { spaceId: space })).toEqual({ ok: true });
  await until(() => a.people.length === 2);
  expect(guest.people).toEqual([]);
  await sql`update grants set mask = ${ROLES.viewer}, revoked_at = now() where id = ${grant}`;
  await sql.begin((tx) => bumpEpoch(tx, space));
  await until(() => guest.ended.length === 1, 1_000);
});

test('who holds only what is limited is not shown to those who may not see that', async () => {
  const guest = await createTestPerson(services, { name: '客', organisation: world.town });
  const folder = await world.item({ kind: 'folder' });
  await world.give(guest.id, folder, 'viewer');
  const [a, b] = [page(officer), page(await signInAs(sql, guest.id))];
  const shown = () => a.people.some((person) => person.id === guest.id);
  expect(await ask(a, 'watch', { spaceId: space })).toEqual({ ok: true });
  expect(await ask(b, 'watch', { spaceId: space })).toEqual({ ok: true });
  await until(shown);
  const limit = (limited: boolean, path: string[]) =>
    sql.begin(async (tx) => {
      await tx`update items set limited = ${limited}, access_path = ${path}::uuid[] where id = ${folder}`;
      await bumpEpoch(tx, space);
    });
  await limit(true, [folder]);
  await until(() => !shown());
  expect(await ask(b, 'watch', { spaceId: space })).toEqual({ ok: true });
  await new Promise((done) => setTimeout(done, 300));
  expect(shown()).toBe(false);
  await limit(false, [folder, space]);
  await until(shown);
});

test('who leaves while access is being decided is not put back into the room', async () => {
  const mate = await createTestPerson(services, { name: '同', organisation: world.town });
  const grant = await world.give(mate.id, space, 'viewer');
  const b = page(await signInAs(sql, mate.id));
  expect(await ask(b, 'watch', { spaceId: space })).toEqual({ ok: true });
  // The decision hangs at a lock, so that the page leaves in the middle of it.
  const held = Promise.withResolvers<void>();
  const locked = sql.begin(async (tx) => {
    await tx`lock table affiliations in access exclusive mode`;
    await held.promise;
  });
  await new Promise((done) => setTimeout(done, 100));
  await sql`update spaces set access_epoch = access_epoch + 1 where id = ${space}`;
  await new Promise((done) => setTimeout(done, 900));
  const left = await ask(b, 'unwatch', { spaceId: space });
  held.resolve();
  await locked;
  expect(left).toEqual({ ok: true });
  await sql`update grants set revoked_at = now() where id = ${grant}`;
  await sql.begin((tx) => bumpEpoch(tx, space));
  await new Promise((done) => setTimeout(done, 600));
  const before = b.changed;
  await change();
  await new Promise((done) => setTimeout(done, 400));
  expect(b.changed).toBe(before);
});

test('nobody, strangers and foreign origins stay outside; bad requests have no effect', async () => {
  const nobody = page('x'.repeat(43));
  await until(() => nobody.failure === 'unauthenticated');
  const foreign = page(officer, { origin: 'https://evil.example' });
  await until(() => foreign.failure !== null);
  const a = page(officer);
  for (const input of [null, 'x', {}, { spaceId: 'x' }, { spaceId: space, more: 1 }, [space]]) {
    expect(await ask(a, 'watch', input)).toMatchObject({ ok: false, code: 'invalid' });
  }
  expect(await ask(a, 'watch', { spaceId: newId() })).toEqual({ ok: false, code: 'not_found' });
  expect(await ask(a, 'watch', { spaceId: await world.item() })).toEqual({ ok: false, code: 'not_found' });
  expect(a.people).toEqual([]);
});
