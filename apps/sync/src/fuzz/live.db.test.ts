import { afterAll, expect, test } from 'vitest';
import { decodeBatch, encodeLive } from '@engawa/board';
import { buildWorld } from '@engawa/domain/testing';
import { LIVE_PATH, type JoinAnswer } from '@engawa/schema';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { until } from '../testing/client.ts';
import { serveSync } from '../testing/serve.ts';
import { signInAs } from '../testing/sessions.ts';
import { eachCase, type Chance } from './testing/chance.ts';
import { mutated } from './testing/mutate.ts';

const world = await buildWorld();
const node = await serveSync(world.services);
const people = [world.officer.id, world.clerk.id, world.stranger.id];
const [officer, clerk, attacker] = await Promise.all(people.map((id) => signInAs(world.sql, id)));
const headers = (token: string) => ({ origin: 'http://localhost:3000', cookie: `engawa_session=${token}` });
const socketAddress = `${node.url}${LIVE_PATH}/?EIO=4&transport=websocket`;

afterAll(() => node.stop());

/** A page on the board; what it heard of others' selections. */
async function seated(itemId: string, token: string) {
  const socket: Socket = io(node.url.replace('ws', 'http'), {
    path: LIVE_PATH,
    transports: ['websocket'],
    extraHeaders: headers(token),
    forceNew: true,
    reconnection: false,
  });
  const heard = new Set<string>();
  socket.on('board:live', (batch) => {
    for (const { message } of decodeBatch(batch))
      if (message.kind === 'selection') for (const id of message.ids) heard.add(id);
  });
  const answer: JoinAnswer = await socket.timeout(20_000).emitWithAck('board:join', { itemId });
  expect(answer.ok).toBe(true);
  return { socket, heard };
}

/** Packets as socket.io sends them, texts and what is attached. */
function packets(itemId: string): (string | Uint8Array)[] {
  const id = JSON.stringify({ itemId });
  return [
    '2',
    '41',
    '40',
    '40/other,{"a":1}',
    `420["board:join",${id}]`,
    `421["board:leave",${id}]`,
    '422["board:follow",{"peer":1}]',
    `423["watch",{"spaceId":"${world.space}"}]`,
    '42["disconnect"]',
    '42["__proto__",{"toString":1}]',
    '451-["board:say",{"_placeholder":true,"num":0}]',
    '459-["board:say",{"_placeholder":true,"num":7}]',
    '43-1[]',
    encodeLive({ kind: 'selection', ids: ['forged'] }),
    encodeLive({ kind: 'drawing', first: 0, points: [{ x: 1, y: 2 }] }),
  ];
}

function changed(packet: string | Uint8Array, chance: Chance, all: (string | Uint8Array)[]) {
  if (chance.often(0.3)) return packet;
  const bytes = all.map((one) => new Uint8Array(Buffer.from(one)));
  const made = mutated(new Uint8Array(Buffer.from(packet)), chance, bytes, chance.int(4));
  return typeof packet === 'string' ? Buffer.from(made).toString('utf8') : made;
}

test('hundreds of bad packets: they end their own connection at the most, and two go on seeing each other', async () => {
  const itemId = await world.item({ kind: 'board' });
  for (const id of people.slice(1)) await world.give(id, itemId, 'editor');
  const [one, other] = [await seated(itemId, officer!), await seated(itemId, clerk!)];
  const all = packets(itemId);
  let [raw, opened] = [null as WebSocket | null, 0];
  await eachCase(300, async (chance, index) => {
    if (raw?.readyState !== WebSocket.OPEN) {
      opened += 1;
      raw = new WebSocket(socketAddress, { headers: headers(attacker!) }).on('error', () => {});
      await until(() => raw!.readyState === WebSocket.OPEN, 20_000);
      raw.send('40');
    }
    raw.send(changed(chance.pick(all), chance, all));
    if (index % 4 === 0) await new Promise((done) => setTimeout(done, 2));
    if (index % 50 !== 0) return;
    one.socket.emit('board:say', encodeLive({ kind: 'selection', ids: [`s${index}`] }));
    await until(() => other.heard.has(`s${index}`), 20_000);
  });
  expect(opened).toBeGreaterThan(1);
  expect([one.socket.connected, other.socket.connected]).toEqual([true, true]);
  for (const { socket } of [one, other]) socket.disconnect();
  (raw as WebSocket | null)?.terminate();
});
