import { openDatabase } from '@engawa/db';
import { buildWorld } from '@engawa/domain/testing';
import { decodeBatch, encodeLive, type LiveMessage, type Said } from '@engawa/board';
import { LIVE_PATH, type BoardPerson, type JoinAnswer, type LivePerson } from '@engawa/schema';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openClient, until, type TestClient } from '../testing/client.ts';
import { serveSync, type TestNode } from '../testing/serve.ts';
import { signInAs } from '../testing/sessions.ts';
import { sayWithoutValkey, startValkey, VALKEY } from '../testing/valkey.ts';

sayWithoutValkey('carets and presence across nodes');

describe('nodes that meet by Valkey', async () => {
  if (!VALKEY) return void test.skip('need Valkey', () => {});
  const world = await buildWorld();
  const { services, sql, space } = world;
  const valkey = await startValkey();
  const other = openDatabase(world.databaseUrl, { max: 6 });
  const first = await serveSync(services, { valkeyUrl: valkey.url });
  const second = await serveSync({ ...services, sql: other }, { valkeyUrl: valkey.url });
  const officer = await signInAs(sql, world.officer.id);
  const clerk = await signInAs(sql, world.clerk.id);
  await world.give(world.clerk.id, space, 'editor');
  const opened: { stop(): void }[] = [];

  afterEach(() => {
    for (const one of opened.splice(0)) one.stop();
  });
  afterAll(async () => {
    await Promise.all([first.stop(), second.stop()]);
    await other.end();
    await valkey.kill();
  });

  function page(node: TestNode, token: string) {
    const socket: Socket = io(node.url.replace('ws', 'http'), {
      path: LIVE_PATH,
      transports: ['websocket'],
      extraHeaders: { origin: 'http://localhost:3000', cookie: `engawa_session=${token}` },
      forceNew: true,
      reconnection: false,
    });
    const made = { socket, people: [] as LivePerson[], changed: 0, stop: () => void socket.disconnect() };
    socket.on('space:presence', ({ people }) => (made.people = people));
    socket.on('space:changed', () => (made.changed += 1));
    opened.push(made);
    return made;
  }
  const watch = async (of: ReturnType<typeof page>) =>
    expect(await of.socket.timeout(10_000).emitWithAck('watch', { spaceId: space })).toEqual({ ok: true });

  function writer(node: TestNode, itemId: string, token: string): TestClient {
    const client = openClient({ url: node.url, itemId, token });
    opened.push(client);
    return client;
  }
  const names = ({ provider }: TestClient) =>
    [...provider.awareness!.getStates().values()].flatMap((state) => state['user']?.name ?? []).sort();

  test('who is in a space is seen from every node, and leaves for all', async () => {
    const [a, b] = [page(first, officer), page(second, clerk)];
    await watch(a);
    await watch(b);
    await until(() => a.people.length === 2 && b.people.length === 2, 20_000);
    b.stop();
    await until(() => a.people.length === 1, 20_000);
  });

  test('a hint comes once to a page, whichever node it is on', async () => {
    const [a, b] = [page(first, officer), page(second, clerk)];
    await watch(a);
    await watch(b);
    await sql`select pg_notify('engawa_space', ${space})`;
    await until(() => a.changed > 0 && b.changed > 0, 20_000);
    await new Promise((done) => setTimeout(done, 400));
    expect([a.changed, b.changed]).toEqual([1, 1]);
  });

  test('carets of a document that two nodes hold are seen on both, moves and leaves included', async () => {
    const itemId = await world.item();
    const [a, b] = [writer(first, itemId, officer), writer(second, itemId, clerk)];
    a.provider.setAwarenessField('cursor', null);
    b.provider.setAwarenessField('cursor', null);
    // Of itself a page says no name: the server gives it to the others.
    await until(() => names(a).join() === '町野 さくら' && names(b).join() === '県庁 太郎', 20_000);
    b.stop();
    await until(() => names(a).length === 0, 20_000);
    const moved = writer(first, itemId, clerk);
    moved.provider.setAwarenessField('cursor', null);
    await until(() => names(a).join() === '町野 さくら' && names(moved).join() === '県庁 太郎', 20_000);
  });

  test('hands on a board that two nodes hold are seen on both', async () => {
    const itemId = await world.item({ kind: 'board' });
    const on = async (node: TestNode, token: string) => {
      const { socket } = page(node, token);
      const made = { socket, people: [] as BoardPerson[], heard: [] as Said[], peer: 0 };
      socket.on('board:people', ({ people }) => (made.people = people));
      socket.on('board:live', (batch) => made.heard.push(...decodeBatch(batch)));
      const answer: JoinAnswer = await socket.timeout(10_000).emitWithAck('board:join', { itemId });
      if (!answer.ok) throw new Error(answer.code);
      return Object.assign(made, { peer: answer.peer });
    };
    const a = await on(first, officer);
    a.socket.emit('board:say', encodeLive({ kind: 'selection', ids: ['n'] }));
    const b = await on(second, clerk);
    await until(() => a.people.length === 2 && b.people.length === 2, 20_000);
    const hears = (of: typeof a, from: typeof a, kind: LiveMessage['kind']) =>
      of.heard.some(({ peer, message }) => peer === from.peer && message.kind === kind);
    // What stands is told to who comes later, what is done from then on as well.
    await until(() => hears(b, a, 'selection'), 20_000);
    // As a hand does, again and again: any one of these may be lost, for one while the database is slow to answer.
    const moving = encodeLive({ kind: 'moving', at: { x: 0, y: 0 }, ids: ['n'], dx: 5, dy: 5 });
    const hand = setInterval(() => b.socket.emit('board:say', moving), 50);
    await until(() => hears(a, b, 'moving'), 20_000).finally(() => clearInterval(hand));
    expect(hears(b, b, 'moving')).toBe(false);
    b.socket.disconnect();
    await until(() => a.people.length === 1, 20_000);
  });

  test('without Valkey documents go on, and carets come back with it', async () => {
    const itemId = await world.item();
    const [a, b] = [writer(first, itemId, officer), writer(second, itemId, clerk)];
    await valkey.kill();
    a.type('甲');
    await until(() => b.text() === '甲', 20_000);
    const [one, two] = [page(first, officer), page(second, clerk)];
    await watch(one);
    await watch(two);
    await sql`select pg_notify('engawa_space', ${space})`;
    await until(() => one.changed > 0 && two.changed > 0, 20_000);
    await valkey.start();
    await until(() => one.people.length === 2 && two.people.length === 2, 20_000);
    b.provider.setAwarenessField('cursor', null);
    await until(() => names(a).includes('町野 さくら'), 20_000);
  });

  test('a node that drains lets go of its own pages only', async () => {
    const pool = openDatabase(world.databaseUrl, { max: 4 });
    const third = await serveSync({ ...services, sql: pool }, { valkeyUrl: valkey.url });
    const [a, b] = [page(first, officer), page(third, clerk)];
    await watch(a);
    await watch(b);
    await until(() => a.people.length === 2, 20_000);
    await third.stop();
    await pool.end();
    await until(() => b.socket.disconnected && a.people.length === 1, 20_000);
    expect(a.socket.connected).toBe(true);
  });
});
