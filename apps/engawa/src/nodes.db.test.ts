import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import {
  openClient,
  sayWithoutValkey,
  signInAs,
  startTyping,
  startValkey,
  textOf,
  until,
  VALKEY,
  type TestClient,
  type TestValkey,
} from '@engawa/sync/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort, runProgram, whenReady, type Program } from './testing/program.ts';
import { CADDY, startProxy, type Proxy } from './testing/proxy.ts';

// The parts as infra/compose.yaml runs them, as plain processes: web, two sync nodes and a worker on one database,
// behind one address. It needs the built web app.
const TOKEN = 'figures-for-the-test';
const LONG = { timeout: 240_000 };
const world = await buildWorld();
const { sql, officer, clerk, space } = world;
const place = mkdtempSync(join(tmpdir(), 'engawa-nodes-'));
sayWithoutValkey('carets across nodes, as processes');
if (!CADDY) console.warn('SKIPPED Caddy: it is not installed, a proxy of the test hashes in its place.');

interface Node {
  port: number;
  program: Program;
}
const opened: TestClient[] = [];
let proxy: Proxy;
let valkey: TestValkey | null = null;
let start: (role: string, port: number) => Promise<Node>;
const running: Node[] = [];
let web: Node;
let worker: Node;
let nodes: Node[];

beforeAll(async () => {
  const ports = await Promise.all(Array.from({ length: 5 }, freePort));
  const [webPort, first, second, workerPort, front] = ports as [number, number, number, number, number];
  valkey = VALKEY ? await startValkey() : null;
  const shared = {
    ...(valkey ? { VALKEY_URL: valkey.url } : {}),
    DATABASE_URL: world.databaseUrl,
    STORAGE_URL: `file://${join(place, 'files')}`,
    ENGAWA_KEY: Buffer.from(world.services.key).toString('hex'),
    ORIGIN: `http://localhost:${front}`,
    PROXIES: '1',
    METRICS_TOKEN: TOKEN,
  };
  start = async (role, port) => {
    const data = join(place, `${role}-${port}`);
    const program = runProgram([role], { ...shared, PORT: String(port), ENGAWA_DATA: data });
    const node = { port, program };
    running.push(node);
    await whenReady(program, port);
    return node;
  };
  [web, worker, ...nodes] = (await Promise.all([
    start('web', webPort),
    start('worker', workerPort),
    start('sync', first),
    start('sync', second),
  ])) as [Node, Node, Node, Node];
  proxy = await startProxy({
    port: front,
    web: webPort,
    sync: [first, second],
    folder: join(place, 'caddy'),
  });
}, 240_000);
afterAll(async () => {
  for (const client of opened) client.stop();
  for (const { program } of running) program.child.kill('SIGKILL');
  await proxy?.stop();
  await valkey?.kill();
  rmSync(place, { recursive: true, force: true });
});

const figures = async ({ port }: Node): Promise<string> => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  return (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
};
const figure = async (node: Node, name: string) =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await figures(node))?.[1]);
const holds = async (node: Node) => (await figure(node, 'engawa_sync_items')) > 0;

async function open(itemId: string, personId: string): Promise<TestClient> {
  const token = await signInAs(sql, personId);
  const client = openClient({
    url: proxy.url.replace('http', 'ws'),
    origin: proxy.url,
    itemId,
    token,
    flushDelay: 40,
  });
  opened.push(client);
  return client;
}

async function sharedItem(): Promise<string> {
  const itemId = await world.item({ title: '議事メモ' });
  await world.give(clerk.id, itemId, 'editor');
  return itemId;
}

test('one address serves pages, live documents and health of each part', LONG, async () => {
  const cookie = `engawa_session=${await signInAs(sql, officer.id)}`;
  const page = await fetch(`${proxy.url}/s/${space}`, { headers: { cookie } });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('データ共有円滑化');
  expect((await fetch(`${proxy.url}/live/?EIO=4&transport=polling`, { headers: { cookie } })).status).toBe(
    200,
  );
  const ready = async ({ port }: Node) => (await fetch(`http://127.0.0.1:${port}/readyz`)).json();
  expect(await ready(web)).toEqual({ ready: true, database: true, web: true });
  expect(await ready(nodes[0]!)).toEqual({ ready: true, database: true, sync: true });
  expect(await ready(worker)).toEqual({ ready: true, database: true, worker: true });
  expect(await figures(worker)).toContain('engawa_jobs_waiting');
  expect((await fetch(`${proxy.url}/metrics`)).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${web.port}/metrics`)).status).toBe(401);
});

test(
  'a sync node is killed while two people type: nothing is lost or doubled, and they go on',
  LONG,
  async () => {
    const itemId = await sharedItem();
    const pages = [await open(itemId, officer.id), await open(itemId, clerk.id)];
    pages[0]!.type('始;');
    await until(() => pages.every((page) => page.text() === '始;'), 30_000);
    const typists = pages.map((page, index) => startTyping(page, ['県', '町'][index]!));
    await until(() => typists.every((typist) => typist.savedWords > 20), 30_000);
    // Both are on one node: the proxy hashes the item.
    const held = await Promise.all(nodes.map(holds));
    expect(held.filter(Boolean)).toHaveLength(1);
    const at = held.indexOf(true);
    const victim = nodes[at]!;
    victim.program.child.kill('SIGKILL');
    const killed = performance.now();
    await victim.program.ended;
    const back = typists.map(async (typist) => {
      await until(() => typist.savedSince(killed), 60_000);
      return Math.round(performance.now() - killed);
    });
    console.log(
      `sync node killed (${proxy.name}): saved again after ${(await Promise.all(back)).join(' and ')} ms`,
    );
    nodes[at] = await start('sync', victim.port);
    for (const typist of typists) typist.stop();
    await Promise.all(pages.map((page) => page.whenSaved(30_000)));
    await until(() => pages[0]!.text() === pages[1]!.text(), 30_000);
    const stored = textOf(await readDocument(sql, itemId, 1));
    expect(stored).toBe(pages[0]!.text());
    expect(typists.flatMap((typist) => typist.missing(stored))).toEqual([]);
    const words = stored.split(';').slice(0, -1);
    expect(new Set(words).size).toBe(words.length);
    expect(await figures(nodes[1 - at]!)).toMatch(/^engawa_commit_seconds_count [1-9]/m);
    for (const page of pages) page.stop();
  },
);

test('two nodes hold one document for a while: text and carets cross, then one drains', LONG, async () => {
  const itemId = await sharedItem();
  const direct = async (node: Node, personId: string) => {
    const token = await signInAs(sql, personId);
    const client = openClient({ url: `ws://127.0.0.1:${node.port}`, origin: proxy.url, itemId, token });
    client.provider.setAwarenessField('cursor', null);
    return client;
  };
  const [a, b] = [await direct(nodes[0]!, officer.id), await direct(nodes[1]!, clerk.id)];
  a.type('甲');
  await until(() => b.text() === '甲', 30_000);
  b.type('乙');
  await until(() => a.text() === '甲乙', 30_000);
  const sees = (client: TestClient, name: string) =>
    [...client.provider.awareness!.getStates().values()].some((state) => state['user']?.name === name);
  if (VALKEY) await until(() => sees(a, '町野 さくら') && sees(b, '県庁 太郎'), 30_000);
  nodes[1]!.program.child.kill('SIGTERM');
  expect(await nodes[1]!.program.ended).toBe(0);
  expect(b.closes[0]).toMatchObject({ code: 1012 });
  if (VALKEY) await until(() => !sees(a, '町野 さくら'), 30_000);
  b.stop();
  // What was typed and saved there is served by the other one.
  const moved = await open(itemId, clerk.id);
  await until(() => moved.text() === '甲乙', 30_000);
  moved.type('丙');
  await moved.whenSaved(30_000);
  await until(() => a.text() === '甲乙丙', 30_000);
  a.stop();
  moved.stop();
});

test('each part drains on SIGTERM', LONG, async () => {
  for (const { program } of [web, worker, nodes[0]!]) {
    program.child.kill('SIGTERM');
    expect(await program.ended, program.output()).toBe(0);
  }
});
