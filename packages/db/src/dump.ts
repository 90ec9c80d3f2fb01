import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip } from 'node:zlib';
import type { ReservedSql } from 'postgres';
import type { Sql, Tx } from './client.ts';

/** The rows of one table, in PostgreSQL's own text form (COPY), compressed. */
export interface DumpedTable {
  name: string;
  columns: string[];
  rows: number;
  /** Name of the file, and its SHA-256 as it lies there. */
  file: string;
  sha256: string;
}

/** What a migration was when it was applied. */
export interface AppliedMigration {
  name: string;
  sha256: string;
}

/** Migrations are code, not data. Unlogged tables are forgotten with every crash anyway. */
const NOT_DUMPED = ['migrations'];

/**
 * Writes every table into `folder`, all of them as they are at one moment: the snapshot of the transaction that
 * `connection` is in (REPEATABLE READ). Needs no program beside PostgreSQL, and no right beyond reading.
 */
export async function dumpTables(connection: ReservedSql | Tx, folder: string): Promise<DumpedTable[]> {
  const dumped: DumpedTable[] = [];
  for (const { name, columns } of await tablesOf(connection)) {
    const file = `${name}.copy.gz`;
    const from = await connection.unsafe(`copy ${named(name, columns)} to stdout`).readable();
    const [lines, gzip, hash] = [counter(), createGzip({ level: constants.Z_BEST_SPEED }), hasher()];
    const target = createWriteStream(join(folder, file), { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(from, lines, gzip, hash.through, target);
    dumped.push({ name, columns, rows: lines.count, file, sha256: hash.of.digest('hex') });
  }
  return dumped;
}

/**
 * Fills the empty tables of a migrated database, inside the caller's transaction. References between tables are taken
 * off meanwhile and put back in the end, which checks every one of them: no order among tables is needed.
 * Throws when a table does not get as many rows as were dumped.
 */
export async function loadTables(tx: Tx, folder: string, tables: DumpedTable[]): Promise<void> {
  const references = await referencesOf(tx);
  for (const { table, name } of references)
    await tx.unsafe(`alter table ${table} drop constraint ${quoted(name)}`);
  for (const { name, columns, file, rows } of tables) {
    const into = await tx.unsafe(`copy ${named(name, columns)} from stdin`).writable();
    await pipeline(createReadStream(join(folder, file)), createGunzip(), into);
    const [found] = await tx.unsafe(`select count(*)::int as rows from ${quoted(name)}`);
    if (found!['rows'] !== rows)
      throw new Error(`${name} has ${found!['rows']} rows after loading, ${rows} were written.`);
  }
  for (const { table, name, definition } of references)
    await tx.unsafe(`alter table ${table} add constraint ${quoted(name)} ${definition}`);
}

/** Tables of this database that hold rows; a database in which nothing was ever made has none. */
export async function filledTables(sql: Sql): Promise<string[]> {
  const filled: string[] = [];
  for (const { name } of await tablesOf(sql)) {
    const [row] = await sql.unsafe(`select exists (select from ${quoted(name)}) as filled`);
    if (row!['filled']) filled.push(name);
  }
  return filled;
}

/** The migrations this database has seen; none when it is new. */
export async function appliedMigrations(sql: Sql | ReservedSql): Promise<AppliedMigration[]> {
  const [row] = await sql`select to_regclass('public.migrations') is not null as found`;
  return row!['found']
    ? sql<AppliedMigration[]>`select name, sha256 from migrations order by name`.then((rows) => [...rows])
    : [];
}

async function tablesOf(connection: Sql | ReservedSql | Tx): Promise<{ name: string; columns: string[] }[]> {
  const rows = await connection<{ name: string; columns: string[] }[]>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relpersistence = 'p' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.oid, c.relname order by c.relname`;
  return rows.filter(({ name }) => !NOT_DUMPED.includes(name));
}

async function referencesOf(tx: Tx): Promise<{ table: string; name: string; definition: string }[]> {
  return tx<{ table: string; name: string; definition: string }[]>`
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0`;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const named = (name: string, columns: string[]) => `${quoted(name)} (${columns.map(quoted).join(', ')})`;

/** In COPY's text form a row is a line; line ends within values are written as \n. */
function counter(): Transform & { count: number } {
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) through.count += 1;
      done(null, chunk);
    },
  }) as Transform & { count: number };
  through.count = 0;
  return through;
}

function hasher(): { through: Transform; of: Hash } {
  const of = createHash('sha256');
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      of.update(chunk);
      done(null, chunk);
    },
  });
  return { through, of };
}
