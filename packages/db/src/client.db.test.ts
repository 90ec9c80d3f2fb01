import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { openDatabase, type Sql } from './client.ts';
import { testDatabase } from './testing.ts';

// What the driver does when connections break: `patches/`, and why in the README.
const { sql, url } = await testDatabase();
const name = 'broken-on-purpose';
const breakAll = () =>
  sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`;
const gone = async () => {
  const pids = () => sql`select 1 from pg_stat_activity where application_name = ${name}`;
  await expect.poll(async () => (await pids()).length, { timeout: 20_000 }).toBe(0);
};
const outcome = (query: Promise<unknown>) =>
  query.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  );

/** Whether the line's end or the write comes first is the network's to say. */
const BROKEN = expect.stringMatching(/^(CONNECTION_CLOSED|ECONNRESET|EPIPE)$/);

test('connections that break under small queries are made again, each time', async () => {
  const pool = openDatabase(url, { max: 4, name });
  let going = true;
  const ask = async () => {
    while (going) {
      await pool`select 1`.catch(() => {});
      await new Promise(setImmediate);
    }
  };
  const asking = Array.from({ length: 8 }, ask);
  for (let round = 0; round < 60; round += 1) {
    await sleep(10);
    await breakAll();
  }
  going = false;
  await within(Promise.all(asking));
  const answers = await within(Promise.all(asking.map(() => pool`select 1 as one`)));
  expect(answers).toEqual(asking.map(() => [{ one: 1 }]));
  await pool.end({ timeout: 1 });
});

/** Nothing waits for a connection that will not come. */
function within<T>(work: Promise<T>): Promise<T> {
  const late = sleep(20_000).then(() => Promise.reject(new Error('a query was never answered')));
  return Promise.race([work, late]);
}

test('the line is asked for a sign of life while nothing is under way on it', async () => {
  const asked = vi.spyOn(Socket.prototype, 'setKeepAlive');
  const pool = openDatabase(url, { max: 1, name });
  await pool`select 1`;
  expect(asked).toHaveBeenCalledWith(true, 10_000);
  asked.mockRestore();
  await pool.end({ timeout: 1 });
});

test('a transaction whose connection broke says so, and gets no other', async () => {
  const pool = openDatabase(url, { max: 1, name });
  const said: string[] = [];
  const broken = pool.begin(async (tx) => {
    await tx`select 1`;
    await breakAll();
    await gone();
    said.push(await outcome(tx`select 1`));
    // Who waited for the only connection has it now, anew.
    await pool`select 1`;
    said.push(await outcome(tx`select 1`));
  });
  await expect(broken).rejects.toThrow();
  await expect.poll(() => said).toEqual([BROKEN, BROKEN]);
  await pool.end({ timeout: 1 });
});

test('a reserved connection that broke says so, gets no other, and may be given back', async () => {
  const pool = openDatabase(url, { max: 1, name });
  const reserved = await pool.reserve();
  await reserved`select 1`;
  await breakAll();
  await gone();
  const answers = (of: Sql) => within(outcome(of`select 1`));
  expect(await answers(reserved)).toEqual(BROKEN);
  expect(await answers(pool)).toBe('answered');
  expect(await answers(reserved)).toEqual(BROKEN);
  reserved.release();
  expect(await answers(pool)).toBe('answered');
  await pool.end({ timeout: 1 });
});
