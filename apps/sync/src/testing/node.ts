/**
 * One sync node alone in a process, for tests that kill it: `DATABASE_URL`, `PORT`, optionally `ORIGIN`.
 * Prints one line when it listens. SIGTERM drains.
 */
import { openDatabase } from '@engawa/db';
import type { Services } from '@engawa/domain';
import { pino } from 'pino';
import { serveSync } from './serve.ts';

const { DATABASE_URL, PORT = '0', ORIGIN = 'http://localhost:3000', SYNC_LOG = 'warn' } = process.env;
if (!DATABASE_URL) throw new Error('DATABASE_URL is not set: give the address of a migrated database.');

const sql = openDatabase(DATABASE_URL, { max: 6, name: 'sync-test-node' });
const storage = new Proxy({} as Services['storage'], {
  get() {
    throw new Error('This node has no file store.');
  },
});
const services = { sql, storage, key: new Uint8Array(32), origin: ORIGIN, mailbox: null };
const node = await serveSync(services, {
  port: Number(PORT),
  log: pino({ level: SYNC_LOG }, pino.destination(2)),
});
process.stdout.write(`${node.url}\n`);

process.once('SIGTERM', async () => {
  await node.stop();
  await sql.end({ timeout: 2 });
  process.exit(0);
});
