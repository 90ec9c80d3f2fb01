/**
 * Hocuspocus as its documentation sets it up: `new Server` with the database extension, which keeps each document as
 * one value in PostgreSQL and writes it some seconds after an edit.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openDatabase } from '@engawa/db';

const { PORT, DATABASE_URL = '', PEERS = '' } = process.env;

interface Fetched {
  documentName: string;
}
interface Stored extends Fetched {
  state: Uint8Array;
}
interface Peers {
  Server: new (options: object) => { listen(): Promise<unknown> };
  Database: new (options: {
    fetch(data: Fetched): Promise<Uint8Array | null>;
    store(data: Stored): Promise<void>;
  }) => object;
}

const load = (name: string, file: string) =>
  import(pathToFileURL(join(PEERS, '@hocuspocus', name, 'dist', file)).href) as Promise<Peers>;
const { Server } = await load('server', 'hocuspocus-server.esm.js');
const { Database } = await load('extension-database', 'hocuspocus-database.esm.js');

const sql = openDatabase(DATABASE_URL, { max: 12, name: 'bench-hocuspocus' });
const database = new Database({
  async fetch({ documentName }) {
    const [row] = await sql<{ data: Uint8Array }[]>`select data from documents where name = ${documentName}`;
    return row?.data ?? null;
  },
  async store({ documentName, state }) {
    await sql`
      insert into documents (name, data) values (${documentName}, ${Buffer.from(state)})
      on conflict (name) do update set data = excluded.data`;
  },
});
await new Server({
  port: Number(PORT),
  address: '127.0.0.1',
  quiet: true,
  stopOnSignals: false,
  extensions: [database],
}).listen();
