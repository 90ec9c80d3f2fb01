import { randomBytes } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import { openDatabase, type Sql } from './client.ts';

export { orphansOf as processesOf } from './embedded-processes.ts';

export interface TestDatabase {
  sql: Sql;
  url: string;
}

/**
 * A migrated database of its own for one test file, on the run's real PostgreSQL.
 * It is dropped when the file ends. Call it at the top of the file: `const db = await testDatabase()`.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const base = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = openDatabase(base, { max: 1 });
  await admin.unsafe(`create database ${name} template engawa_template`);
  const url = new URL(base);
  url.pathname = `/${name}`;
  const sql = openDatabase(url.href, { max: 8, name });
  afterAll(async () => {
    await sql.end({ timeout: 5 });
    await admin.unsafe(`drop database if exists ${name} with (force)`);
    await admin.end();
  });
  return { sql, url: url.href };
}
