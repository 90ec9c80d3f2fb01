import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReservedSql } from 'postgres';
import type { Sql } from './client.ts';
import type { AppliedMigration } from './dump.ts';

const FOLDER = new URL('../migrations/', import.meta.url);
/** Any number, the same for every program that migrates: one migrates, the others wait. */
const LOCK = 727_001;
/** First line of a migration whose one statement may not stand in a transaction. */
export const OUTSIDE = '-- outside a transaction';

export interface MigrateOptions {
  /** The last to apply, by name; those after it are left for another time. */
  last?: string;
  /** Where migrations lie, with a slash at the end. */
  folder?: URL;
  /** Milliseconds a migration stands in line for a table. Everybody who comes after it in that line waits as long. */
  lockTimeout?: number;
  /** Milliseconds in which it tries again, before it is given up. */
  patience?: number;
  /** Hears that a table is busy and the migration is tried again. */
  onBusy?: (name: string) => void;
}

type Migration = AppliedMigration & { text: string };
type Limits = Required<Pick<MigrateOptions, 'lockTimeout' | 'patience' | 'onBusy'>>;

const LIMITS: Limits = { lockTimeout: 1_000, patience: 5 * 60_000, onBusy: () => {} };
const PAUSE = 400;

/** The migrations this program brings, in their order. */
export async function ownMigrations(folder: URL = FOLDER): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8');
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/**
 * Applies the migrations that this database has not seen, in order of name, each in its own transaction, while the
 * version before goes on serving: one that cannot have its table soon steps back and tries again. Returns the names
 * applied. Throws when a migration was edited after it had been applied (they go forward only), and when a table stayed
 * busy for longer than `patience`.
 */
export async function migrate(
  sql: Sql,
  { last, folder = FOLDER, ...limits }: MigrateOptions = {},
): Promise<string[]> {
  const wanted = (await ownMigrations(folder)).filter(({ name }) => last === undefined || name <= last);
  const connection = await sql.reserve();
  try {
    await takeTurn(connection);
    return await applyMissing(connection, wanted, { ...LIMITS, ...limits });
  } finally {
    await connection`select pg_advisory_unlock(${LOCK})`.catch(() => {});
    connection.release();
  }
}

/** Asked for again and again: who waits inside the database holds a snapshot, which an index that is being built waits for. */
async function takeTurn(connection: ReservedSql): Promise<void> {
  for (;;) {
    const [row] = await connection<{ taken: boolean }[]>`select pg_try_advisory_lock(${LOCK}) as taken`;
    if (row!.taken) return;
    await sleep(PAUSE / 2);
  }
}

async function applyMissing(connection: ReservedSql, wanted: Migration[], limits: Limits): Promise<string[]> {
  await connection`
    create table if not exists migrations (
      name text primary key, sha256 text not null, at timestamptz not null default now())`;
  const rows = await connection<AppliedMigration[]>`select name, sha256 from migrations`;
  const known = new Map(rows.map((row) => [row.name, row.sha256]));
  const applied: string[] = [];
  for (const migration of wanted) {
    const { name, sha256 } = migration;
    const before = known.get(name);
    if (before === sha256) continue;
    if (before)
      throw new Error(`Migration ${name} was changed after it had been applied. Write a new one instead.`);
    await patiently(connection, migration, limits);
    applied.push(name);
  }
  return applied;
}

/** Tries until the tables are free for a moment. Between two tries, those who serve get through. */
async function patiently(connection: ReservedSql, migration: Migration, limits: Limits): Promise<void> {
  const end = Date.now() + limits.patience;
  for (;;) {
    try {
      return await apply(connection, migration, limits.lockTimeout);
    } catch (error) {
      await connection`rollback`.catch(() => {});
      if ((error as { code?: string }).code !== '55P03') throw error;
      if (Date.now() >= end)
        throw new Error(
          `Migration ${migration.name} found its tables busy for ${Math.round(limits.patience / 1_000)} seconds. ` +
            'End the long transaction that holds them (pg_stat_activity shows it), and start again.',
          { cause: error },
        );
      limits.onBusy(migration.name);
      await sleep(PAUSE * (0.5 + Math.random()));
    }
  }
}

async function apply(
  connection: ReservedSql,
  { name, text, sha256 }: Migration,
  lockTimeout: number,
): Promise<void> {
  if (!text.startsWith(OUTSIDE)) {
    await connection.unsafe(
      `begin; set local lock_timeout = ${lockTimeout}; ${text}; insert into migrations (name, sha256) values ('${name}', '${sha256}'); commit;`,
    );
    return;
  }
  await dropBrokenIndexes(connection);
  // It holds up no writer, so it may wait for them: for as long as they take.
  await connection.unsafe(text);
  await connection`insert into migrations (name, sha256) values (${name}, ${sha256})`;
}

/** What is left of an index whose building was cut off is in the way of the next attempt. */
async function dropBrokenIndexes(connection: ReservedSql): Promise<void> {
  const broken = await connection<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indexrelid
    where not i.indisvalid and c.relnamespace = 'public'::regnamespace`;
  for (const { name } of broken) await connection.unsafe(`drop index concurrently if exists ${name}`);
}
