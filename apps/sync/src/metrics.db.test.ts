import { buildWorld } from '@engawa/domain/testing';
import { register } from 'prom-client';
import { afterAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { Reports } from './index.ts';
import { openClient, until } from './testing/client.ts';
import { openRaw } from './testing/raw.ts';
import { serveSync } from './testing/serve.ts';
import { signInAs } from './testing/sessions.ts';

// Every figure is fed by what it is named for: each is provoked here and read as Prometheus would.
const world = await buildWorld();
const node = await serveSync(world.services);
const officer = await signInAs(world.sql, world.officer.id);
const clerk = await signInAs(world.sql, world.clerk.id);
const itemId = await world.item();
await world.give(world.clerk.id, itemId, 'viewer');
const open: { stop(): void }[] = [];
const PATIENCE = { timeout: 20_000 };
afterAll(async () => {
  for (const one of open) one.stop();
  await node.stop();
});

/** The value of one figure now. */
async function figure(name: string, labels: Record<string, string> = {}): Promise<number> {
  const text = await register.metrics();
  const lines = text.split('\n').filter((line) => line.startsWith(name) && /[{ ]/.test(line[name.length]!));
  const line = lines.find((one) =>
    Object.entries(labels).every(([label, value]) => one.includes(`${label}="${value}"`)),
  );
  return Number(line?.split(' ').at(-1) ?? 0);
}

async function raw(token: string) {
  const made = openRaw({ url: node.url, itemId, token });
  open.push({ stop: () => made.ws.terminate() });
  await made.whenOpen();
  return made;
}

test('people, items and edits are counted', async () => {
  const reports = new Reports();
  expect(await reports.next()).toMatchObject({ connections: 0, documents: 0, boards: 0, edits: [0] });
  const writer = openClient({ url: node.url, itemId, token: officer });
  open.push(writer);
  writer.type('数');
  await writer.whenSaved();
  expect(await figure('engawa_sync_connections')).toBe(1);
  expect(await figure('engawa_sync_items')).toBe(1);
  expect(await figure('engawa_edits_total')).toBeGreaterThan(0);
  expect(await figure('engawa_commit_seconds_count')).toBeGreaterThan(0);
  expect(await figure('engawa_commit_seconds_bucket', { le: '+Inf' })).toBeGreaterThan(0);
  expect(await figure('engawa_access_epoch_age_seconds')).toBeGreaterThanOrEqual(0);
  const report = await reports.next();
  expect(report).toMatchObject({ connections: 1, documents: 1, boards: 0, loaded: 1, suspended: false });
  expect(report.edits.at(-1)).toBeGreaterThan(0);
  expect(report.commits.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
});

test('what waits is counted while the database is busy', async () => {
  const busy = await world.sql.reserve();
  await busy`begin`;
  await busy`select 1 from journal_heads where item = ${itemId} for update`;
  const writer = openClient({ url: node.url, itemId, token: officer });
  open.push(writer);
  await until(() => writer.text() !== '');
  writer.type('待つ');
  await expect.poll(() => figure('engawa_journal_pending'), PATIENCE).toBeGreaterThan(0);
  expect(await figure('engawa_journal_pending_bytes')).toBeGreaterThan(0);
  await busy`rollback`;
  busy.release();
  await writer.whenSaved();
  await expect.poll(() => figure('engawa_journal_pending'), PATIENCE).toBe(0);
});

test('refused frames are counted by reason, and so are sockets that never opened', async () => {
  const refused = (reason: string) => figure('engawa_sync_refused_frames_total', { reason });
  const broken = await raw(officer);
  broken.ws.send('text');
  await broken.whenClosed();
  expect(await refused('malformed')).toBe(1);
  expect(await figure('engawa_sync_ended_total', { reason: 'malformed' })).toBe(1);

  const reader = await raw(clerk);
  reader.greet();
  await until(() => reader.received.length >= 3);
  const doc = new Y.Doc();
  doc.getXmlFragment('content').insert(0, [new Y.XmlElement('paragraph')]);
  reader.update(Y.encodeStateAsUpdate(doc));
  await expect.poll(() => refused('readOnly'), PATIENCE).toBe(1);

  const elsewhere = openRaw({ url: node.url, itemId, token: officer, origin: 'http://elsewhere.example' });
  await until(() => elsewhere.closed !== null);
  expect(await figure('engawa_sync_refused_sockets_total', { status: '403' })).toBe(1);
  expect((await new Reports().next()).refused).toMatchObject({ malformed: 1, readOnly: 1 });
});

test('names follow the conventions: ours begin alike, counters end in _total, times are in seconds, all say what they are', async () => {
  const all = (await register.getMetricsAsJSON()).filter(({ name }) => name.startsWith('engawa_'));
  expect(all.length).toBeGreaterThan(9);
  for (const { name, help, type } of all) {
    expect(help.length, name).toBeGreaterThan(8);
    expect(name).toMatch(/^engawa_[a-z]+(_[a-z]+)*$/);
    expect(name.endsWith('_total'), name).toBe(String(type) === 'counter');
    expect(name).not.toMatch(/_(ms|milliseconds|kb|mb)\b/);
    if (String(type) === 'histogram') expect(name).toMatch(/_seconds$/);
  }
});
