import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@engawa/db';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { afterAll, expect, test } from 'vitest';
import { until } from '../testing/client.ts';
import { faultsIn, NONE, openCrowd, rowOf } from '../testing/crowd.ts';
import { reportFault } from '../testing/faults.ts';
import { serveSync } from '../testing/serve.ts';
import { signInAs } from '../testing/sessions.ts';

const LONG = { timeout: 180_000 };
const CONNECTIONS = 5;
const world = await buildWorld();
const { sql } = world;
// Somebody for whom PostgreSQL counts connections: it does not for its owner.
const name = new URL(world.databaseUrl).pathname.slice(1);
const role = `crowded_${name}`;
await sql.unsafe(`create role ${role} login password 'crowded' connection limit ${CONNECTIONS};
  grant all on all tables in schema public to ${role}; grant all on all sequences in schema public to ${role}`);
const address = new URL(world.databaseUrl);
[address.username, address.password] = [role, 'crowded'];
// More than PostgreSQL grants it: some of its connections are always refused.
const pool = openDatabase(address.href, { max: 2 * CONNECTIONS });
const node = await serveSync({ ...world.services, sql: pool });
const token = await signInAs(sql, world.officer.id);

afterAll(async () => {
  await node.stop();
  await pool.end({ timeout: 1 });
  await sql.unsafe(`drop owned by ${role}; drop role ${role}`);
});

const allow = (connections: number) => sql.unsafe(`alter role ${role} connection limit ${connections}`);
const crowdAt = async () => {
  const itemIds = await Promise.all([world.item(), world.item()]);
  return openCrowd({
    seats: itemIds.flatMap((itemId) =>
      [1, 2].map(() => ({ url: node.url, itemId, kind: 'doc' as const, token })),
    ),
    stored: (itemId) => readDocument(sql, itemId, 1),
    pace: 'test',
  });
};

test('PostgreSQL grants fewer connections than the pool wants, and then none at all', LONG, async () => {
  const crowd = await crowdAt();
  const recoveries: number[] = [];
  for (let time = 0; time < 2; time += 1) {
    await allow(0);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${role}`;
    await until(() => !node.sync.ready(), 30_000);
    await allow(CONNECTIONS);
    recoveries.push(await crowd.recovered(performance.now()));
  }
  const verdict = await crowd.finish([node.url]);
  reportFault(rowOf('PostgreSQL takes no more connections', verdict, recoveries));
  expect(faultsIn(verdict)).toEqual(NONE);
});

test('every connection of the pool is taken by something that does not end', LONG, async () => {
  await allow(4 * CONNECTIONS);
  const crowd = await crowdAt();
  const recoveries: number[] = [];
  for (let time = 0; time < 2; time += 1) {
    // Two of the pool listen; the others are held until the node has said that it cannot ask.
    const holders = [];
    const free = 2 * CONNECTIONS;
    for (let count = 0; count < free; count += 1) holders.push(pool.reserve());
    await until(() => !node.sync.ready(), 60_000);
    await sleep(1_000);
    const freed = performance.now();
    for (const holder of holders) void holder.then((connection) => connection.release());
    recoveries.push(await crowd.recovered(freed));
  }
  const verdict = await crowd.finish([node.url]);
  reportFault(rowOf('pool exhausted', verdict, recoveries));
  expect(faultsIn(verdict)).toEqual(NONE);
});
