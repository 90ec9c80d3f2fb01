import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createListener, type Server as Listener } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sync } from '@engawa/sync';
import type { Logger } from 'pino';
import { admitBody } from './bodies.ts';
import type { Config } from './config.ts';
import { answerMetrics, placeOf } from './metrics.ts';
import { admit, logRequest } from './requests.ts';
import type { Traces } from './tracing/open-telemetry.ts';
import { Stop } from './stop.ts';
import type { Web } from './web.ts';

const DRAIN_MS = 3_000;

export interface Health {
  ready: boolean;
  [part: string]: boolean;
}

export interface Doors {
  web: Web | null;
  sync: Sync | null;
  traces: Traces | null;
  health(): Promise<Health>;
}

/** The one server of the program. It answers after `open`; before, Vite may hang its own socket on it. */
export function makeServer(
  config: Config,
  log: Logger,
): { server: Server; open(doors: Doors): Promise<void>; close(): Promise<void> } {
  const server = createServer({ requestTimeout: 0, headersTimeout: 20_000, keepAliveTimeout: 65_000 });
  let other: Listener | null = null;
  return {
    server,
    async open(doors) {
      server.on('request', answer(config, doors, log));
      server.on('upgrade', (request, socket: Duplex, head) => {
        // A peer that vanishes while it is refused is nobody's error.
        socket.on('error', () => {});
        const path = request.url ?? '';
        if (doors.sync?.handleUpgrade(request, socket, head)) return;
        if (doors.sync && /^\/live(\/|\?|$)/.test(path)) return;
        if (doors.web?.ownsUpgrade(request)) return;
        socket.destroy();
      });
      doors.sync?.attachLive(server);
      await listen(server, config);
      if (config.host === 'localhost') other = await listenOnLoopback6(server, config.port);
    },
    async close() {
      other?.close();
      if (!server.listening) return;
      const closed = new Promise((done) => server.close(done));
      server.closeIdleConnections();
      await Promise.race([closed, sleep(DRAIN_MS)]);
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(config: Config, doors: Doors, log: Logger): RequestListener {
  return (request, response) => {
    logRequest(request, response, log);
    const path = request.url?.split('?')[0];
    if (path === '/healthz') return json(response, 200, { ok: true });
    if (path === '/readyz') {
      return void doors.health().then((health) => json(response, health.ready ? 200 : 503, health));
    }
    if (path === '/metrics') return void answerMetrics(request, response, config.metricsToken);
    if (!admit(request, response, config) || !admitBody(request, response)) return;
    const { web, traces } = doors;
    const handle = () => (web ? web.handle(request, response) : void response.writeHead(404).end());
    if (traces) traces.request(request, response, placeOf(request), handle);
    else handle();
  };
}

function json(response: Parameters<RequestListener>[1], status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        fail(new Stop(`Port ${port} is taken by another program: stop that, or set PORT to a free one.`));
      else if (error.code === 'EACCES')
        fail(new Stop(`This user may not listen on port ${port}: set PORT to one above 1023.`));
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
        fail(new Stop(`HOST is "${host}", which is no address of this machine.`));
      else fail(error);
    });
    server.listen(port, host === 'localhost' ? '127.0.0.1' : host, done);
  });
}

/** "localhost" is ::1 to some programs and 127.0.0.1 to others. A machine without IPv6 has no ::1. */
function listenOnLoopback6(server: Server, port: number): Promise<Listener | null> {
  const listener = createListener((socket) => server.emit('connection', socket));
  return new Promise((done) => {
    listener.once('error', () => done(null));
    listener.listen({ port, host: '::1', ipv6Only: true }, () => done(listener));
  });
}
