import { join } from 'node:path';
import { openDatabase, pingDatabase, startPostgres, type Sql } from '@engawa/db';
import type { Config } from './config.ts';
import { makeFolder } from './folder.ts';
import { holderOf } from './lock.ts';
import { Stop } from './stop.ts';

/** A database that answers. */
export interface Database {
  url: string;
  sql: Sql;
  /** Closes the pool, and stops the server when this process is the one that must. */
  close(): Promise<void>;
  /** Tells our own server to stop and does not wait: it rolls back what is open and keeps what is committed. */
  halt(): void;
}

const WAIT_MS = 10_000;
const LOOK_MS = 1_000;

/** Opens DATABASE_URL or the embedded server, and waits a bounded time until it answers. Throws Stop. */
export async function openDatabaseOf(config: Config, say: (sentence: string) => void): Promise<Database> {
  if (config.databaseUrl) return connect(config.databaseUrl, config.data);
  makeFolder(config.data);
  const server = await startEmbedded(join(config.data, 'postgres'), say);
  const sql = openDatabase(server.url, { name: `engawa ${process.pid}` });
  await pingDatabase(sql, WAIT_MS);
  return {
    url: server.url,
    sql,
    async close() {
      await sql.end({ timeout: 5 });
      await server.stop();
    },
    // The signal is sent before anything is waited for.
    halt: () => void server.stop(),
  };
}

/** The embedded server, started again on the same port when something other than us ends it. */
async function startEmbedded(
  folder: string,
  say: (sentence: string) => void,
): Promise<{ url: string; stop(): Promise<void> }> {
  let server = await startPostgres({ folder, log: say }).catch((error: unknown) => {
    throw new Stop((error as Error).message, { cause: error });
  });
  if (server.said) say(server.said);
  const port = Number(new URL(server.url).port);
  let again: Promise<void> | null = null;
  const restart = async () => {
    say('PostgreSQL ended without our asking; it is started again.');
    server = await startPostgres({ folder, port });
  };
  const look = () => {
    if (again || server.alive()) return;
    again = restart()
      .catch((error: Error) => say(error.message))
      .finally(() => (again = null));
  };
  const timer = setInterval(look, LOOK_MS).unref();
  return {
    url: server.url,
    async stop() {
      clearInterval(timer);
      if (again) await again;
      await server.stop();
    },
  };
}

/** Runs one command on the database, beside a running Engawa when there is one (whose server then stays up). */
export async function withDatabase(config: Config, work: (sql: Sql) => Promise<void>): Promise<void> {
  const running = holderOf(config.data) !== null;
  const database = await openDatabaseOf(config, () => {});
  try {
    await work(database.sql);
  } finally {
    await (running ? database.sql.end({ timeout: 5 }) : database.close());
  }
}

async function connect(url: string, data: string): Promise<Database> {
  const sql = openDatabase(url, { name: `engawa ${process.pid}` });
  try {
    await pingDatabase(sql, WAIT_MS);
  } catch (error) {
    await sql.end({ timeout: 1 });
    const { host, pathname } = new URL(url);
    throw new Stop(
      `DATABASE_URL does not answer: ${host}${pathname} said "${reasonOf(error)}" for ${WAIT_MS / 1000} seconds. ` +
        `Start that PostgreSQL, correct DATABASE_URL, or unset it to use the embedded one in ${data}.`,
      { cause: error },
    );
  }
  const [row] = await sql<{ encoding: string }[]>`select current_setting('server_encoding') as encoding`;
  if (row?.encoding !== 'UTF8') {
    await sql.end({ timeout: 1 });
    throw new Stop(
      `DATABASE_URL names a database in ${row?.encoding}: make one with \`create database engawa encoding 'UTF8' template template0\`.`,
    );
  }
  return { url, sql, close: () => sql.end({ timeout: 5 }), halt: () => {} };
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return message || code || 'nothing';
}
