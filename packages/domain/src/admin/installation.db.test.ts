import { newId, NotFound, Unauthenticated } from '@engawa/schema';
import { expect, test } from 'vitest';
import { createCtx } from '../ctx.ts';
import { buildWorld } from '../testing/index.ts';
import { installation, leaveNode, noteBackup, reportNode } from './index.ts';

const world = await buildWorld();
const { administrator, officer, stranger, sql, services, town } = world;
const nobody = createCtx({ kind: 'anonymous' }, services);
const look = () => installation(administrator.ctx);

const report = (id: string, roles: string[], figures: object = {}) =>
  reportNode(nobody, {
    id,
    roles,
    host: 'kura',
    version: '0.1.0',
    beganAt: new Date(),
    figures: { memory: 1e8, processor: 0.1, ...figures },
  });

test('an installation that nobody has reported of is told as it is', async () => {
  expect(await look()).toMatchObject({
    nodes: [],
    connections: 0,
    epochAge: null,
    commit: null,
    store: null,
    worker: { running: false, jobs: [] },
    backup: null,
  });
});

test('what processes report is seen, by node and together', async () => {
  const [one, two, worker] = [newId(), newId(), newId()];
  const sync = {
    connections: 3,
    livePages: 1,
    documents: 2,
    boards: 1,
    loaded: 4,
    waiting: 1,
    waitingBytes: 90,
    epochAge: 250,
    suspended: false,
    edits: [5],
    commits: [0, 3],
    refused: { malformed: 2 },
  };
  await report(one, ['web', 'sync'], { sync, store: { well: true, ms: 4, at: 'x' } });
  await report(two, ['sync'], { sync: { ...sync, connections: 4 }, store: { well: false, ms: 9, at: 'x' } });
  await report(worker, ['worker'], { jobs: { 'draw-thumbnail': 2 } });
  const found = await look();
  expect(found.nodes.map(({ id, silent }) => [id, silent])).toEqual([
    [one, false],
    [two, false],
    [worker, false],
  ]);
  expect(found).toMatchObject({
    connections: 7,
    documents: 4,
    refused: [{ reason: 'malformed', count: 4 }],
    store: { well: false },
    worker: { running: true, jobs: [{ job: 'draw-thumbnail', count: 2 }] },
  });
  expect(found.database.bytes).toBeGreaterThan(1e6);

  await sql`update nodes set seen_at = now() - interval '1 minute' where id in ${sql([two, worker])}`;
  const later = await look();
  expect(later).toMatchObject({ connections: 3, store: { well: true }, worker: { running: false } });
  expect(later.nodes.filter(({ silent }) => silent)).toHaveLength(2);
  await sql`update nodes set seen_at = now() - interval '1 hour' where id = ${two}`;
  await report(one, ['web', 'sync'], { sync });
  await leaveNode(nobody, worker);
  expect((await look()).nodes.map(({ id }) => id)).toEqual([one]);
});

test('events that nobody follows are counted, with how long they wait', async () => {
  await sql`
    insert into ledger (id, at, actor_kind, verb, object_kind, object_id)
    values (${newId()}, now() - interval '3 minutes', 'person', 'items.renamed', 'item', ${newId()})`;
  const { worker } = await look();
  expect(worker.events).toBeGreaterThan(0);
  expect(worker.eventsSince).toBeGreaterThan(170);
});

test('the newest backup is the one that is told', async () => {
  const at = (day: number) => new Date(Date.UTC(2026, 10, day));
  for (const day of [18, 19, 17])
    await noteBackup(nobody, { point: at(day), files: day, bytes: 1e6, missing: 0 });
  expect((await look()).backup).toEqual({ point: at(19), files: 19, bytes: 1e6, missing: 0 });
});

test('to strangers, guests, staff and administrators of other organisations there is no such page', async () => {
  await world.give(stranger.id, town, 'manager');
  for (const person of [officer, stranger, world.clerk])
    await expect(installation(person.ctx)).rejects.toBeInstanceOf(NotFound);
  await expect(installation(nobody)).rejects.toBeInstanceOf(Unauthenticated);
});
