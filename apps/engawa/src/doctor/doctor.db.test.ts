import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createListener, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@engawa/db';
import { testDatabase } from '@engawa/db/testing';
import { openFolderStorage, StorageFull, StorageUnavailable, type Storage } from '@engawa/storage';
import { serveSync } from '@engawa/sync/testing';
import { buildWorld, openStore } from '@engawa/domain/testing';
import { SMTPServer } from 'smtp-server';
import { afterAll, expect, test } from 'vitest';
import { freePort, runProgram, whenReady } from '../testing/program.ts';
import { lookAtDatabase } from './database.ts';
import type { Finding } from './finding.ts';
import { lookAtData, lookAtMail, lookAtNode, lookAtStorage, lookAtValkey } from './machine.ts';
import { lookAtOrigin, lookAtWorker } from './reach.ts';

const world = await buildWorld();
const { sql } = world;
const place = mkdtempSync(join(tmpdir(), 'engawa-doctor-'));
const SECRET = 'hunter2hunter2';
afterAll(() => rmSync(place, { recursive: true, force: true }));

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const keys = (findings: Finding[]) => findings.map(({ key }) => key);
// How quick a busy machine is says nothing about the doctor.
const wrongs = (findings: Finding[]) =>
  keys(findings.filter(({ state }) => state === 'wrong')).filter((key) => !key.endsWith('_slow'));

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a running Engawa is well, in the language of the terminal', { timeout: 180_000 }, async () => {
  const port = await freePort();
  const env = {
    DATABASE_URL: world.databaseUrl,
    STORAGE_URL: `file://${join(place, 'files')}`,
    ENGAWA_KEY: 'ab'.repeat(32),
    ENGAWA_DATA: join(place, 'data'),
    ORIGIN: `http://localhost:${port}`,
    PORT: String(port),
  };
  const program = runProgram(['--roles', 'sync,worker'], env);
  await whenReady(program, port);
  await expect.poll(async () => (await lookAtWorker(sql)).key, { timeout: 60_000 }).toBe('doctor_worker_ok');
  const ja = runProgram(['doctor'], { ...env, LANG: 'ja_JP.UTF-8' });
  const code = await ja.ended;
  const bad = ja.output().match(/^✗ .*/gm) ?? [];
  expect(bad.filter((line) => !/ミリ秒かかります/.test(line))).toEqual([]);
  expect(code).toBe(bad.length > 0 ? 1 : 0);
  expect(ja.output()).toContain(bad.length > 0 ? '直すところが' : 'すべて正常です。');
  expect(ja.output()).toContain(`WebSocket：http://localhost:${port} を通ります`);
  expect(ja.output().trim().split('\n')).toHaveLength(13);
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(0);
  // PostgreSQL notices a moment later that its client has gone.
  await expect
    .poll(async () => (await lookAtWorker(sql)).key, { timeout: 30_000 })
    .toBe('doctor_worker_gone');
});

test('what is broken is said in a line each, without secrets, and the exit code says so', async () => {
  const port = await freePort();
  const program = runProgram(['doctor'], {
    DATABASE_URL: `postgres://engawa:${SECRET}@127.0.0.1:${port}/engawa`,
    STORAGE_URL: `s3://engawa:${SECRET}@127.0.0.1:${port}/files`,
    SMTP_URL: `smtp://engawa:${SECRET}@127.0.0.1:${port}`,
    VALKEY_URL: `redis://:${SECRET}@127.0.0.1:${port}`,
    ORIGIN: `http://127.0.0.1:${port}`,
    ENGAWA_KEY: 'cd'.repeat(32),
    ENGAWA_DATA: join(place, 'broken'),
    LANG: 'en_GB.UTF-8',
  });
  expect(await program.ended, program.output()).toBe(1);
  const text = program.output();
  for (const part of ['PostgreSQL', 'File store', 'Mail', 'Valkey', 'Address'])
    expect(text).toMatch(new RegExp(`^✗ ${part}: `, 'm'));
  expect(text).toContain('Things to put right: 5.');
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain('cdcdcd');
  expect(text).not.toMatch(/\n\s+at /);
});

test('settings that cannot be read are the first thing to put right', async () => {
  const program = runProgram(['doctor'], { PORT: 'abc', LANG: 'ja_JP.UTF-8' });
  expect(await program.ended).toBe(1);
  expect(program.output()).toContain('✗ 設定：このままでは起動できません。PORT must be a port');
});

const other = await testDatabase();
test('the database: what is missing in it, what it risks, and its clock', async () => {
  expect(wrongs(await lookAtDatabase(sql))).toEqual([]);
  const { url } = other;
  const name = new URL(url).pathname.slice(1);
  await sql.unsafe(`alter database ${name} set synchronous_commit = off`);
  const risky = openDatabase(url, { max: 1 });
  await risky`insert into migrations (name, sha256) values ('9999_later.sql', 'x')`;
  expect(wrongs(await lookAtDatabase(risky, () => Date.now() - 60_000))).toEqual([
    'doctor_fsync_off',
    'doctor_migrations_unknown',
    'doctor_clock_off',
  ]);
  await risky`drop table migrations`;
  expect(wrongs(await lookAtDatabase(risky))).toContain('doctor_migrations_missing');
  await risky.end();
  await sql.unsafe(`create database ${name}_ascii encoding 'SQL_ASCII' locale 'C' template template0`);
  const ascii = openDatabase(url.replace(name, `${name}_ascii`), { max: 1 });
  expect(wrongs(await lookAtDatabase(ascii))).toContain('doctor_database_encoding');
  await ascii.end();
  await sql.unsafe(`drop database ${name}_ascii with (force)`);
});

test('a role that may not look, may only read, or is not let in', async () => {
  const role = `role_${randomBytes(4).toString('hex')}`;
  const name = new URL(other.url).pathname.slice(1);
  await sql.unsafe(`create role ${role} login password '${SECRET}'`);
  const url = new URL(other.url);
  url.username = role;
  url.password = SECRET;
  const weak = openDatabase(url.href, { max: 1 });
  expect(wrongs(await lookAtDatabase(weak))).toContain('doctor_database_schema');
  await other.sql.unsafe(
    `grant create on schema public to ${role}; grant create on database ${name} to ${role}`,
  );
  expect(wrongs(await lookAtDatabase(weak))).toContain('doctor_database_rights');
  await other.sql`create table if not exists migrations (name text, sha256 text)`;
  expect(await lookAtDatabase(weak)).toMatchObject([{ key: 'doctor_database_fails' }]);
  await weak.end();
  await other.sql.unsafe(`drop owned by ${role}`);
  await sql.unsafe(`drop role ${role}`);
  const program = runProgram(['doctor'], {
    DATABASE_URL: url.href,
    ENGAWA_KEY: 'cd'.repeat(32),
    ENGAWA_DATA: join(place, 'refused'),
    LANG: 'en_GB.UTF-8',
  });
  expect(await program.ended).toBe(1);
  expect(program.output()).toMatch(/^✗ PostgreSQL: answers, but does not let us in /m);
  expect(program.output()).not.toContain(SECRET);
});

test('the store: away, or giving back something else', async () => {
  const good = openFolderStorage(join(place, 'store'));
  expect((await lookAtStorage(good)).key).toBe('doctor_storage_ok');
  expect((await lookAtStorage(openFolderStorage('/dev/null/files'))).key).toBe('doctor_storage_away');
  const failing = (cause: object): Storage => ({
    ...good,
    put: () => Promise.reject(new StorageUnavailable('it said no', Object.assign(new Error('no'), cause))),
  });
  expect((await lookAtStorage(failing({ code: 'SignatureDoesNotMatch' }))).key).toBe(
    'doctor_storage_refused',
  );
  expect((await lookAtStorage(failing({ code: 'ECONNREFUSED' }))).key).toBe('doctor_storage_away');
  const full: Storage = { ...good, put: () => Promise.reject(new StorageFull()) };
  expect((await lookAtStorage(full)).key).toBe('doctor_storage_full');
  const empties: Storage = { ...good, put: (key) => good.put(key, (async function* () {})()) };
  expect((await lookAtStorage(empties)).key).toBe('doctor_storage_damaged');
});

test('mail: a server that lets us in, one that does not, and none', async () => {
  const server = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ password }, _session, done) =>
      password === SECRET ? done(null, { user: 'engawa' }) : done(new Error('Invalid login')),
  });
  server.on('error', () => {});
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  const { port } = server.server.address() as AddressInfo;
  const look = (password: string) =>
    lookAtMail({ smtpUrl: `smtp://engawa:${password}@127.0.0.1:${port}`, data: place });
  expect((await look(SECRET)).key).toBe('doctor_mail_ok');
  expect(await look('wrong')).toMatchObject({ state: 'wrong', key: 'doctor_mail_refused' });
  await new Promise<void>((done) => server.close(() => done()));
  expect((await look(SECRET)).key).toBe('doctor_mail_away');
  expect((await lookAtMail({ smtpUrl: null, data: place })).key).toBe('doctor_mail_files');
});

test('the address: nothing there, not ready, and a proxy that keeps WebSockets out', async () => {
  openStore(world);
  expect(keys(await lookAtOrigin(`http://127.0.0.1:${await freePort()}`))).toEqual(['doctor_origin_away']);
  const unready = createServer((_request, response) =>
    response.writeHead(503).end(JSON.stringify({ ready: false, database: false, web: true })),
  );
  expect(await lookAtOrigin(await listening(unready))).toMatchObject([
    { key: 'doctor_origin_unready', params: { why: 'database' } },
  ]);
  const moved = createServer((_request, response) =>
    response.writeHead(308, { location: 'https://engawa.example.jp/readyz' }).end(),
  );
  expect(await lookAtOrigin(await listening(moved))).toMatchObject([
    { key: 'doctor_origin_moved', params: { where: 'https://engawa.example.jp' } },
  ]);
  for (const status of [200, 404]) {
    const foreign = createServer((_request, response) =>
      response.writeHead(status).end('<h1>It works!</h1>'),
    );
    expect(keys(await lookAtOrigin(await listening(foreign)))).toEqual(['doctor_origin_foreign']);
  }
  const closed = createServer((_request, response) => response.end('{"ready":true}'));
  closed.on('upgrade', (_request, socket) =>
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'),
  );
  expect(keys(await lookAtOrigin(await listening(closed)))).toEqual([
    'doctor_origin_ok',
    'doctor_sockets_blocked',
  ]);
  const node = await serveSync({ ...world.services, origin: 'http://elsewhere.example' });
  const answers = createServer((_request, response) => response.end('{"ready":true}'));
  answers.on('upgrade', (request, socket, head) => void node.sync.handleUpgrade(request, socket, head));
  // A node that was told another ORIGIN refuses ours.
  expect(wrongs(await lookAtOrigin(await listening(answers)))).toEqual(['doctor_sockets_blocked']);
  await node.stop();
});

test('the machine: an old Node, a full disk, a folder that is none, no Valkey', async () => {
  expect([lookAtNode('22.17.9').key, lookAtNode('22.18.0').key, lookAtNode().key]).toEqual([
    'doctor_node_old',
    'doctor_node_ok',
    'doctor_node_ok',
  ]);
  expect((await lookAtData(place, Infinity)).key).toBe('doctor_data_full');
  expect((await lookAtData('/dev/null/data')).key).toBe('doctor_data_closed');
  expect(await lookAtValkey(null)).toEqual([]);
  const locked = createListener((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.write('-NOAUTH Authentication required.\r\n'));
  }).listen(0, '127.0.0.1');
  await once(locked, 'listening');
  const { port } = locked.address() as AddressInfo;
  expect(keys(await lookAtValkey(`redis://127.0.0.1:${port}`))).toEqual(['doctor_valkey_refused']);
  locked.close();
});
