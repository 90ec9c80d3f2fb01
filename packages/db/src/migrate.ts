import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { Sql } from './client.ts';

const FOLDER = new URL('../migrations/', import.meta.url);
/** Any number, the same for every program that migrates: one migrates, the others wait. */
const LOCK = 727_001;

/**
 * Applies the migrations that this database has not seen, in order of name, each in its own transaction.
 * Returns the names applied. Throws when a migration was edited after it had been applied: they go forward only.
 */
export async function migrate(sql: Sql): Promise<string[]> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  const connection = await sql.reserve();
  const applied: string[] = [];
  try {
    await connection`select pg_advisory_lock(${LOCK})`;
    await connection`
      create table if not exists migrations (
        name text primary key, sha256 text not null, at timestamptz not null default now())`;
    const rows = await connection<{ name: string; sha256: string }[]>`select name, sha256 from migrations`;
    const known = new Map(rows.map((row) => [row.name, row.sha256]));
    for (const name of files) {
      const text = await readFile(new URL(name, FOLDER), 'utf8');
      const sha256 = createHash('sha256').update(text).digest('hex');
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
