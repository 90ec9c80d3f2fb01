import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startPostgres } from './embedded.ts';
import { isAlive, readPidFile } from './embedded-processes.ts';

let folder: string;
const pidNow = () => readPidFile(join(folder, 'data'))?.pid ?? 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engawa-postgres-'));
});

afterEach(async () => {
  const pid = pidNow();
  if (pid && isAlive(pid)) process.kill(pid, 'SIGQUIT');
  await expect.poll(() => isAlive(pid)).toBe(false);
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the server from another process and kills that process the hard way; the server lives on. */
async function startAndKill(): Promise<{ url: string; pid: number }> {
  const code = `const { startPostgres } = await import(${JSON.stringify(import.meta.resolve('./embedded.ts'))});
    console.log((await startPostgres({ folder: ${JSON.stringify(folder)} })).url); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGKILL');
  await once(child, 'exit');
  return { url: url.toString().trim(), pid: pidNow() };
}

async function query<T>(url: string, ask: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1 });
  try {
    return await ask(sql);
  } finally {
    await sql.end();
  }
}

test('a new cluster is UTF-8 with the built-in C.UTF-8 locale, on 127.0.0.1 only', async () => {
  const server = await startPostgres({ folder });
  const [row] = await query(
    server.url,
    (
      sql,
    ) => sql`select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale,
      current_setting('listen_addresses') as listens, upper('ß𠮷é') as upper from pg_database where datname = 'engawa'`,
  );
  expect(row).toMatchObject({
    encoding: 'UTF8',
    provider: 'b',
    locale: 'C.UTF-8',
    listens: '127.0.0.1',
    upper: 'ß𠮷É',
  });
  expect(server).toMatchObject({ adopted: false, said: null });
  expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
  await server.stop();
  expect(pidNow()).toBe(0);
});

test('the server that outlives a killed program is adopted, with what was committed', async () => {
  const killed = await startAndKill();
  await query(killed.url, (sql) => sql`create table kept as select 1 as one`);
  const server = await startPostgres({ folder });
  expect(server.adopted).toBe(true);
  expect(server.said).toContain(String(killed.pid));
  expect(await query(server.url, (sql) => sql`select one from kept`)).toEqual([{ one: 1 }]);
  await server.stop();
  expect(isAlive(killed.pid)).toBe(false);
});

test('after the server itself was killed, its stale pid file is cleared and committed work is there', async () => {
  const killed = await startAndKill();
  await query(killed.url, (sql) => sql`create table kept as select 1 as one`);
  process.kill(killed.pid, 'SIGKILL');
  await expect.poll(() => isAlive(killed.pid)).toBe(false);
  const server = await startPostgres({ folder });
  expect(server.adopted).toBe(false);
  expect(server.said).toContain('stale postmaster.pid');
  expect(await query(server.url, (sql) => sql`select one from kept`)).toEqual([{ one: 1 }]);
  await server.stop();
});

test('a pid file that names a living stranger does not stop the start, nor the stranger', async () => {
  await (await startPostgres({ folder })).stop();
  const stranger = spawn('sleep', ['60']);
  const file = join(folder, 'data', 'postmaster.pid');
  writeFileSync(file, `${stranger.pid}\n${join(folder, 'data')}\n1\n5432\n\n127.0.0.1\n0 0\nready\n`);
  const server = await startPostgres({ folder });
  expect(server.said).toContain('stale postmaster.pid');
  expect(isAlive(stranger.pid!)).toBe(true);
  expect(readFileSync(file, 'utf8').split('\n')[0]).not.toBe(String(stranger.pid));
  await server.stop();
  stranger.kill();
});
