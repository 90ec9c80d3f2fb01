/** Ours, alone in a process, on a real PostgreSQL. `JOURNAL=off` is a composition of this bench: no edit is kept. */
import { createServer } from 'node:http';
import { openDatabase } from '@engawa/db';
import type { Services } from '@engawa/domain';
import { startSync } from '@engawa/sync';
import { pino } from 'pino';
import { withoutJournal } from './without-journal.ts';

const { PORT, DATABASE_URL = '', JOURNAL } = process.env;

const database = openDatabase(DATABASE_URL, { max: 12, name: 'bench-engawa' });
const services: Services = {
  sql: JOURNAL === 'off' ? withoutJournal(database) : database,
  storage: {} as Services['storage'],
  key: new Uint8Array(32),
  origin: 'http://localhost:3000',
  mailbox: null,
};
const sync = startSync({
  services,
  log: pino({ level: process.env['SYNC_LOG'] ?? 'error' }, pino.destination(2)),
  node: 'bench',
  allowedOrigins: (origin) => origin === services.origin,
});
const server = createServer((_request, response) => response.writeHead(404).end());
server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => {});
  if (!sync.handleUpgrade(request, socket, head) && !request.url?.startsWith('/live')) socket.destroy();
});
sync.attachLive(server);
server.listen(Number(PORT), '127.0.0.1');
