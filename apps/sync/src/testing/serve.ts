import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Services } from '@engawa/domain';
import { pino, type Logger } from 'pino';
import { startSync, type Sync } from '../index.ts';

export interface TestNode {
  sync: Sync;
  /** `ws://127.0.0.1:<port>` */
  url: string;
  port: number;
  /** Open sockets. */
  sockets(): Promise<number>;
  stop(): Promise<void>;
}

/** One sync node on a free port. */
export async function serveSync(
  services: Services,
  {
    port = 0,
    log = pino({ level: process.env['SYNC_LOG'] ?? 'silent' }),
    valkeyUrl = null,
    maxItem,
  }: { port?: number; log?: Logger; valkeyUrl?: string | null; maxItem?: number } = {},
): Promise<TestNode> {
  const sync = startSync({
    services,
    log,
    node: 'test',
    valkeyUrl,
    ...(maxItem === undefined ? {} : { maxItem }),
    allowedOrigins: (origin) => origin === services.origin,
  });
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {});
    if (!sync.handleUpgrade(request, socket, head) && !request.url?.startsWith('/live')) socket.destroy();
  });
  sync.attachLive(server);
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const at = (server.address() as AddressInfo).port;
  return {
    sync,
    url: `ws://127.0.0.1:${at}`,
    port: at,
    sockets: () =>
      new Promise((done, fail) =>
        server.getConnections((error, count) => (error ? fail(error) : done(count))),
      ),
    async stop() {
      await sync.drain();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
