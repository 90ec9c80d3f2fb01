import { afterAll, afterEach, expect, test } from 'vitest';
import { ROLES } from '@engawa/access';
import { decodeBatch, encodeLive, type LiveMessage, type Said } from '@engawa/board';
import { bumpEpoch } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { LIVE_PATH, newId, type BoardPerson, type JoinAnswer } from '@engawa/schema';
import { io, type Socket } from 'socket.io-client';
import { until } from '../testing/client.ts';
import { serveSync } from '../testing/serve.ts';
import { signInAs } from '../testing/sessions.ts';

const world = await buildWorld();
const { services, sql, space } = world;
const node = await serveSync(services);
const officer = await signInAs(sql, world.officer.id);
const clerk = await signInAs(sql, world.clerk.id);
const stranger = await signInAs(sql, world.stranger.id);
const sockets: Socket[] = [];

interface Page {
  socket: Socket;
  people: BoardPerson[];
  heard: Said[];
  ended: string[];
  say(message: LiveMessage): void;
  join(itemId: string): Promise<JoinAnswer>;
}

function page(token: string, transports = ['websocket']): Page {
  const socket = io(node.url.replace('ws', 'http'), {
    path: LIVE_PATH,
    transports,
    extraHeaders: { origin: 'http://localhost:3000', cookie: `engawa_session=${token}` },
    forceNew: true,
    reconnection: false,
  });
  sockets.push(socket);
  const made: Page = {
    socket,
    people: [],
    heard: [],
    ended: [],
    say: (message) => void socket.emit('board:say', encodeLive(message)),
    join: (itemId) => ask(made, 'board:join', { itemId }),
  };
  socket.on('board:people', ({ people }) => (made.people = people));
  socket.on('board:live', (batch) => made.heard.push(...decodeBatch(batch)));
  socket.on('access:ended', ({ objectId }) => made.ended.push(objectId));
  return made;
}

const ask = (of: Page, event: string, input: unknown): Promise<JoinAnswer> =>
  of.socket.timeout(5_000).emitWithAck(event, input);
const cursor = (x: number): LiveMessage => ({ kind: 'cursor', at: { x, y: 0 } });
const moving: LiveMessage = { kind: 'moving', at: { x: 0, y: 0 }, ids: ['n'], dx: 5, dy: 5 };
const heardFrom = (of: Page, peer: number, kind: LiveMessage['kind']) =>
  of.heard.some((one) => one.peer === peer && one.message.kind === kind);

async function board(role: 'editor' | 'commenter' | 'viewer' = 'editor') {
  const itemId = await world.item({ kind: 'board' });
  const grant = await world.give(world.clerk.id, itemId, role);
  const [a, b] = [page(officer), page(clerk)];
  const [mine, theirs] = [await a.join(itemId), await b.join(itemId)];
  if (!mine.ok || !theirs.ok) throw new Error('not let in');
  await until(() => a.people.length === 2 && b.people.length === 2);
  const revoke = () =>
    sql.begin(async (tx) => {
      await tx`update grants set revoked_at = now() where id = ${grant}`;
      await bumpEpoch(tx, space);
    });
  const shrink = () =>
    sql.begin(async (tx) => {
      await tx`update grants set mask = ${ROLES.viewer} where id = ${grant}`;
      await bumpEpoch(tx, space);
    });
  return { itemId, a, b, mine: mine.peer, theirs: theirs.peer, revoke, shrink };
}

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
afterAll(() => node.stop());

test.each([['websocket'], ['polling']])('two on a board see each other, over %s', async (transport) => {
  const itemId = await world.item({ kind: 'board' });
  await world.give(world.clerk.id, itemId, 'editor');
  const [a, b] = [page(officer, [transport]), page(clerk, [transport])];
  const mine = await a.join(itemId);
  const theirs = await b.join(itemId);
  await until(() => a.people.length === 2 && b.people.length === 2);
  if (!mine.ok || !theirs.ok) throw new Error('not let in');
  // Who somebody is, the server says.
  expect(a.people.find(({ peer }) => peer === theirs.peer)).toEqual({
    peer: theirs.peer,
    id: world.clerk.id,
    name: '町野 さくら',
    organisation: '益子町',
    color: expect.stringMatching(/^#[0-9a-f]{6}$/),
  });
  b.say(moving);
  await until(() => heardFrom(a, theirs.peer, 'moving'));
  expect(b.heard.filter(({ peer }) => peer === theirs.peer)).toEqual([]);
  b.socket.disconnect();
  await until(() => a.people.length === 1);
});

test('strangers, other kinds, and what does not exist are not found; bad requests have no effect', async () => {
  const itemId = await world.item({ kind: 'board' });
  const other = page(stranger);
  expect(await other.join(itemId)).toEqual({ ok: false, code: 'not_found' });
  const a = page(officer);
  for (const id of [newId(), space, await world.item(), await world.item({ kind: 'folder' })]) {
    expect(await a.join(id)).toEqual({ ok: false, code: 'not_found' });
  }
  for (const input of [null, 'x', {}, { itemId: 'x' }, { itemId, more: 1 }, [itemId]]) {
    expect(await ask(a, 'board:join', input)).toMatchObject({ ok: false, code: 'invalid' });
  }
  for (const peer of ['1', 1.5, undefined, {}]) {
    expect(await ask(a, 'board:follow', { peer })).toMatchObject({ ok: false, code: 'invalid' });
  }
  // Nobody hears, and nobody is heard, without having been let in.
  const inside = page(officer);
  expect(await inside.join(itemId)).toMatchObject({ ok: true });
  other.say(cursor(1));
  a.say(cursor(2));
  inside.say(cursor(3));
  expect(await ask(other, 'board:follow', { peer: 1 })).toEqual({ ok: true });
  await until(() => inside.people.length === 1);
  expect([inside.heard, other.heard, a.heard, other.people]).toEqual([[], [], [], []]);
});

test('a viewer is there and points at nothing; a commenter points and moves nothing', async () => {
  const { a, b, theirs } = await board('viewer');
  b.say(cursor(1));
  b.say({ kind: 'laser', first: 0, points: [{ x: 0, y: 0 }] });
  b.say(moving);
  expect(await ask(a, 'board:follow', { peer: theirs })).toEqual({ ok: true });
  b.say({ kind: 'view', area: { x: 0, y: 0, w: 9, h: 9 } });
  await until(() => heardFrom(a, theirs, 'view'));
  expect(['cursor', 'laser', 'moving'].some((kind) => heardFrom(a, theirs, kind as 'laser'))).toBe(false);
  const other = await board('commenter');
  other.b.say(moving);
  other.b.say(cursor(1));
  await until(() => heardFrom(other.a, other.theirs, 'cursor'));
  expect(heardFrom(other.a, other.theirs, 'moving')).toBe(false);
});

test('access taken back: out within a second, and nothing more is heard from either side', async () => {
  const { itemId, a, b, mine, theirs, revoke } = await board();
  const start = performance.now();
  await revoke();
  await until(() => b.ended.includes(itemId) && a.people.length === 1, 1_000);
  expect(performance.now() - start).toBeLessThan(1_000);
  const before = b.heard.length;
  a.say(cursor(7));
  b.say(cursor(8));
  const witness = page(officer);
  expect(await witness.join(itemId)).toMatchObject({ ok: true });
  await until(() => heardFrom(witness, mine, 'cursor'));
  expect(b.heard.length).toBe(before);
  expect(heardFrom(a, theirs, 'cursor')).toBe(false);
  expect(await b.join(itemId)).toEqual({ ok: false, code: 'not_found' });
});

test('a role that shrinks ends what the hand was doing', async () => {
  const { a, b, theirs, shrink } = await board();
  b.say(moving);
  await until(() => heardFrom(a, theirs, 'moving'));
  await shrink();
  await until(() => heardFrom(a, theirs, 'away'));
  expect(b.ended).toEqual([]);
  a.heard.length = 0;
  b.say(moving);
  b.say({ kind: 'idle' });
  await until(() => heardFrom(a, theirs, 'idle'));
  expect(heardFrom(a, theirs, 'moving')).toBe(false);
});

test('a page is on one board at a time, and who leaves while being let in stays out', async () => {
  const { itemId, a, b } = await board();
  const second = await world.item({ kind: 'board' });
  expect(await a.join(second)).toMatchObject({ ok: true });
  await until(() => b.people.length === 1);
  const [answer] = await Promise.all([a.join(itemId), ask(a, 'board:leave', { itemId })]);
  expect(answer).toEqual({ ok: false, code: 'not_found' });
  expect(await ask(b, 'board:leave', { itemId: second })).toEqual({ ok: true });
  b.people = [];
  const c = page(officer);
  expect(await c.join(itemId)).toMatchObject({ ok: true });
  await until(() => b.people.length === 2 && c.people.length === 2);
});

test('garbage is dropped, then ends that connection alone; so does a flood', async () => {
  const { itemId, a, b, mine } = await board();
  const noise = page(clerk);
  expect(await noise.join(itemId)).toMatchObject({ ok: true });
  const garbage = [
    null,
    'x',
    7,
    {},
    [],
    Buffer.alloc(0),
    Buffer.alloc(9_000),
    Buffer.from([99]),
    Buffer.from([2, 1]),
  ];
  for (let round = 0; round < 4; round += 1) for (const bad of garbage) noise.socket.emit('board:say', bad);
  await until(() => !noise.socket.connected);
  const flood = page(clerk);
  expect(await flood.join(itemId)).toMatchObject({ ok: true });
  for (let step = 0; step < 6_000; step += 1) flood.say(cursor(step));
  await until(() => !flood.socket.connected, 15_000);
  const large = page(clerk);
  expect(await large.join(itemId)).toMatchObject({ ok: true });
  large.socket.emit('board:say', Buffer.alloc(1 << 20));
  await until(() => !large.socket.connected);
  // A flood reaches the others as the few batches that fit into the time.
  expect(a.heard.length).toBeLessThan(1_000);
  a.say(cursor(9));
  await until(() => heardFrom(b, mine, 'cursor'));
  expect([a.socket.connected, b.socket.connected]).toEqual([true, true]);
});
