import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { binaries, runner, type Runner } from './embedded-binaries.ts';
import {
  gone,
  isAlive,
  isPostgresOf,
  isTaken,
  orphansOf,
  readPidFile,
  signal,
} from './embedded-processes.ts';

/** A PostgreSQL that belongs to one data folder. */
export interface EmbeddedPostgres {
  /** Address of the database `engawa`, as its owner. Holds the password: never log it. */
  url: string;
  /** True when the server of an earlier, killed run was still there and is used on. */
  adopted: boolean;
  /** What was found and put right, as a sentence for people; null when all was clean. */
  said: string | null;
  /** Whether the server still runs. Nobody starts it again by itself: a second `startPostgres` does. */
  alive(): boolean;
  /** Fast shutdown: open transactions are rolled back, all committed work is on disk. Also for an adopted server. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Everything is kept below this folder: the cluster, its password, its log. */
  folder: string;
  /** A free port is chosen when none is given. */
  port?: number;
  /** Progress, one sentence a call. */
  log?: (sentence: string) => void;
  /** More server settings, for tests (`fsync: 'off'`). */
  settings?: Record<string, string>;
}

const VERSION = '18';
const START_SECONDS = 60;
const STOP_SECONDS = 30;

const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  // Short queries only: compiling them costs more than it gives.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/**
 * Starts the PostgreSQL of `folder`, making the cluster the first time. What a killed run left is adopted
 * (a living server) or cleared (a stale pid file, processes without a postmaster).
 * Throws an Error whose message is a sentence for the person who starts Engawa.
 */
export async function startPostgres(options: StartOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.folder);
  const data = join(folder, 'data');
  const log = options.log ?? (() => {});
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const programs = binaries();
  const as = runner(folder, programs.postgres);
  const password = passwordOf(folder, as);
  if (!existsSync(data)) {
    log('Making the database for the first time …');
    await makeCluster(programs.initdb, folder, data, as);
  }
  checkVersion(data);

  const left = await takeOver(data, password);
  if (left.port) {
    const url = await ensureDatabase(left.port, password);
    return { url, adopted: true, said: left.said, ...handles(left.pid) };
  }
  log('Starting PostgreSQL …');
  const { pid, port } = await launch(programs.postgres, folder, data, as, options);
  const url = await ensureDatabase(port, password);
  return { url, adopted: false, said: left.said, ...handles(pid) };
}

function handles(pid: number): Pick<EmbeddedPostgres, 'alive' | 'stop'> {
  return { alive: () => isAlive(pid), stop: () => stop(pid) };
}

/** The owner's password: random, made once, readable for its user only. */
function passwordOf(folder: string, as: Runner): string {
  const file = join(folder, 'password');
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
    // initdb reads it as the lent user.
    if (as.uid !== undefined && as.gid !== undefined) chownSync(file, as.uid, as.gid);
  }
  return readFileSync(file, 'utf8').trim();
}

/** Built beside and renamed, so that a cluster cut off halfway is never taken for a whole one. */
async function makeCluster(initdb: string, folder: string, data: string, as: Runner): Promise<void> {
  const fresh = `${data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  const owner = as.prefix.length > 0 ? ownerFromPrefix(as.prefix) : as;
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(fresh, owner.uid, owner.gid);
  const args = [
    `--pgdata=${fresh}`,
    '--username=engawa',
    `--pwfile=${join(folder, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
  ];
  const [command, ...rest] = [...as.prefix, initdb, ...args];
  try {
    await promisify(execFile)(command!, rest, { uid: as.uid, gid: as.gid, cwd: '/', env: environment() });
  } catch (error) {
    const told = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
    throw new Error(`The database could not be made in ${folder}: ${told}`);
  }
  renameSync(fresh, data);
}

function ownerFromPrefix(prefix: string[]): { uid?: number; gid?: number } {
  const number = (flag: string) => Number(prefix.find((arg) => arg.startsWith(flag))?.slice(flag.length));
  return { uid: number('--reuid='), gid: number('--regid=') };
}

function checkVersion(data: string): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (found === VERSION) return;
  throw new Error(
    `${data} was written by PostgreSQL ${found}, this Engawa brings ${VERSION}: dump it with ${found} and restore it, or set DATABASE_URL.`,
  );
}

/** Looks at what the last run left. A living server of this folder is used on; everything else is cleared. */
async function takeOver(
  data: string,
  password: string,
): Promise<{ pid: number; port: number | null; said: string | null }> {
  const file = readPidFile(data);
  if (file && isPostgresOf(file.pid, data)) {
    const port = await answers(data, file.pid, password);
    if (port) {
      return {
        pid: file.pid,
        port,
        said: `PostgreSQL (process ${file.pid}) had outlived the last run and was adopted.`,
      };
    }
    await halt([file.pid]);
  }
  // Backends without a postmaster end by themselves, at the latest after their query; nobody waits for that query.
  const orphans = orphansOf(data);
  await halt(orphans);
  if (!file) return { pid: 0, port: null, said: null };
  // A free id is PostgreSQL's own business (it also removes the shared memory); a taken one (a stranger, a zombie) it
  // would mistake for a living postmaster.
  if (isTaken(file.pid)) rmSync(join(data, 'postmaster.pid'), { force: true });
  const processes = orphans.length > 0 ? ` and ${orphans.length} left-over processes were` : ' was';
  return {
    pid: 0,
    port: null,
    said: `The last run was killed: its stale postmaster.pid${processes} cleared and the database recovers by itself.`,
  };
}

/** The port of a surviving server once it answers; null when it is on its way out or does not answer. */
async function answers(data: string, pid: number, password: string): Promise<number | null> {
  const end = Date.now() + 15_000;
  while (Date.now() < end && isAlive(pid)) {
    const now = readPidFile(data);
    if (now?.status === 'ready') return (await accepts(now.port, password)) ? now.port : null;
    await sleep(50);
  }
  return null;
}

async function accepts(port: number, password: string): Promise<boolean> {
  const sql = connect(port, password, 'postgres');
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function halt(pids: number[]): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGQUIT');
  if (await gone(pids, 5_000)) return;
  for (const pid of pids) signal(pid, 'SIGKILL');
  await gone(pids, 5_000);
}

async function launch(
  program: string,
  folder: string,
  data: string,
  as: Runner,
  options: StartOptions,
): Promise<{ pid: number; port: number }> {
  const attempts = options.port ? 1 : 3;
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const started = await launchOn(port, program, folder, data, as, options.settings ?? {});
    if (started.pid) return { pid: started.pid, port };
    // Somebody else may have taken the free port between our look and PostgreSQL's.
    if (attempt >= attempts) throw new Error(`PostgreSQL did not start (port ${port}): ${started.told}`);
  }
}

async function launchOn(
  port: number,
  program: string,
  folder: string,
  data: string,
  as: Runner,
  more: Record<string, string>,
) {
  const settings = Object.entries({ ...SETTINGS, ...more, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const [command, ...args] = [...as.prefix, program, '-D', data, ...settings];
  const logFile = join(folder, 'postgres.log');
  const from = rotate(logFile);
  const output = openSync(logFile, 'a', 0o600);
  // Its own session: a Ctrl-C in the terminal must reach Engawa first, which drains and only then stops PostgreSQL.
  const child = spawn(command!, args, {
    uid: as.uid,
    gid: as.gid,
    cwd: '/',
    env: environment(),
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  let ended = false;
  child.once('exit', () => (ended = true));
  child.once('error', () => (ended = true));
  child.unref();
  const end = Date.now() + START_SECONDS * 1000;
  while (!ended && Date.now() < end) {
    const file = readPidFile(data);
    if (file && file.pid === child.pid && file.status === 'ready') return { pid: file.pid, told: '' };
    await sleep(20);
  }
  if (!ended && child.pid) await halt([child.pid]);
  return { pid: 0, told: readFileSync(logFile, 'utf8').slice(from).trim().slice(-1500) || `see ${logFile}` };
}

/** Keeps one older log; answers where the new part begins. */
function rotate(file: string): number {
  if (!existsSync(file)) return 0;
  const { size } = statSync(file);
  if (size < 5_000_000) return readFileSync(file, 'utf8').length;
  renameSync(file, `${file}.1`);
  return 0;
}

async function ensureDatabase(port: number, password: string): Promise<string> {
  const sql = connect(port, password, 'postgres');
  try {
    const found = await sql`select 1 from pg_database where datname = 'engawa'`;
    if (found.length === 0) await sql`create database engawa`;
  } finally {
    await sql.end({ timeout: 5 });
  }
  return `postgres://engawa:${password}@127.0.0.1:${port}/engawa`;
}

function connect(port: number, password: string, database: string) {
  return postgres({
    host: '127.0.0.1',
    port,
    user: 'engawa',
    password,
    database,
    max: 1,
    connect_timeout: 10,
    onnotice: () => {},
  });
}

/** SIGINT is PostgreSQL's fast shutdown. */
async function stop(pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  signal(pid, 'SIGINT');
  if (!(await gone([pid], STOP_SECONDS * 1000))) await halt([pid]);
}

/** Nothing of ours leaks into the server; its messages stay English, which the log reader expects. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? done(address.port) : fail(new Error('no port is free')),
      );
    });
  });
}
