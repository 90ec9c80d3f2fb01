import { buildWorld } from '@engawa/domain/testing';
import {
  openClient,
  sayWithoutValkey,
  signInAs,
  startValkey,
  until,
  VALKEY,
  type TestClient,
  type TestValkey,
} from '@engawa/sync/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startParts, type Part, type Parts } from './testing/parts.ts';
import { CADDY } from './testing/proxy.ts';

// The parts as infra/compose.yaml runs them, as plain processes: web, two sync nodes and a worker on one database,
// behind one address. It needs the built web app.
const TOKEN = 'figures-for-the-test';
const LONG = { timeout: 240_000 };
const world = await buildWorld();
const { sql, officer, clerk, space } = world;
sayWithoutValkey('carets across nodes, as processes');
if (!CADDY) console.warn('SKIPPED Caddy: it is not installed, a proxy of the test hashes in its place.');

const opened: TestClient[] = [];
let valkey: TestValkey | null = null;
let parts: Parts;

beforeAll(async () => {
  valkey = VALKEY ? await startValkey() : null;
  parts = await startParts({
    databaseUrl: world.databaseUrl,
    key: world.services.key,
    valkeyUrl: valkey?.url,
    env: { METRICS_TOKEN: TOKEN },
  });
}, 240_000);
afterAll(async () => {
  for (const client of opened) client.stop();
  await parts?.stop();
  await valkey?.kill();
});

const figures = async ({ port }: Part): Promise<string> => {
  const headers = { authorization: `Bearer ${TOKEN}` };
  return (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
};
async function open(itemId: string, personId: string): Promise<TestClient> {
  const token = await signInAs(sql, personId);
  const client = openClient({
    url: parts.proxy.url.replace('http', 'ws'),
    origin: parts.proxy.url,
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
  const { proxy, web, worker, sync } = parts;
  const cookie = `engawa_session=${await signInAs(sql, officer.id)}`;
  const page = await fetch(`${proxy.url}/s/${space}`, { headers: { cookie } });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('データ共有円滑化');
  expect((await fetch(`${proxy.url}/live/?EIO=4&transport=polling`, { headers: { cookie } })).status).toBe(
    200,
  );
  const ready = async ({ port }: Part) => (await fetch(`http://127.0.0.1:${port}/readyz`)).json();
  expect(await ready(web)).toEqual({ ready: true, database: true, web: true });
  expect(await ready(sync[0]!)).toEqual({ ready: true, database: true, sync: true });
  expect(await ready(worker)).toEqual({ ready: true, database: true, worker: true });
  expect(await figures(worker)).toContain('engawa_jobs_waiting');
  expect((await fetch(`${proxy.url}/metrics`)).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${web.port}/metrics`)).status).toBe(401);
});

test('two nodes hold one document for a while: text and carets cross, then one drains', LONG, async () => {
  const itemId = await sharedItem();
  const { sync: nodes } = parts;
  const direct = async ({ url }: Part, personId: string) => {
    const token = await signInAs(sql, personId);
    const client = openClient({ url, origin: parts.proxy.url, itemId, token });
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
  expect(await figures(nodes[1]!)).toMatch(/^engawa_commit_seconds_count [1-9]/m);
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
  for (const { program } of [parts.web, parts.worker, parts.sync[0]!]) {
    program.child.kill('SIGTERM');
    expect(await program.ended, program.output()).toBe(0);
  }
});
