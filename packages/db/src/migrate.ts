import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Sql } from './client.ts';
import type { AppliedMigration } from './dump.ts';

const FOLDER = new URL('../migrations/', import.meta.url);
/** Any number, the same for every program that migrates: one migrates, the others wait. */
const LOCK = 727_001;

/** The migrations this program brings, in their order. */
export async function ownMigrations(): Promise<(AppliedMigration & { text: string })[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, FOLDER), 'utf8');
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/**
 * Applies the migrations that this database has not seen, in order of name, each in its own transaction; those
 * after `last` are left for another time. Returns the names applied. Throws when a migration was edited after it had
 * been applied: they go forward only.
 */
export async function migrate(sql: Sql, last?: string): Promise<string[]> {
  const wanted = (await ownMigrations()).filter(({ name }) => last === undefined || name <= last);
  const connection = await sql.reserve();
  const applied: string[] = [];
  try {
    await connection`select pg_advisory_lock(${LOCK})`;
    await connection`
      create table if not exists migrations (
        name text primary key, sha256 text not null, at timestamptz not null default now())`;
    const rows = await connection<{ name: string; sha256: string }[]>`select name, sha256 from migrations`;
    const known = new Map(rows.map((row) => [row.name, row.sha256]));
    for (const { name, text, sha256 } of wanted) {
      const before = known.get(name);
      if (before === sha256) continue;
      if (before)
        throw new Error(`Migration ${name} was changed after it had been applied. Write a new one instead.`);
      await connection.unsafe(
        `begin; ${text}; insert into migrations (name, sha256) values ('${name}', '${sha256}'); commit;`,
      );
      applied.push(name);
    }
  } catch (error) {
    await connection`rollback`.catch(() => {});
    throw error;
  } finally {
    await connection`select pg_advisory_unlock(${LOCK})`.catch(() => {});
    connection.release();
  }
  return applied;
}
