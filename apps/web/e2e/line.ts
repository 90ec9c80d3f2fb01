import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/**
 * The line between one browser and the program: a real HTTP proxy, as municipalities have them.
 * `cut` ends every connection and lets none through, `blockSockets` refuses WebSockets only.
 */
export interface Line {
  /** For `browser.newContext({ proxy })`; loopback addresses go through it too. */
  proxy: { server: string; bypass: string };
  cut(): void;
  restore(): void;
  /** From now on requests go to that port, whatever their address says: another node takes over. */
  leadTo(port: number): void;
  blockSockets(): void;
  close(): void;
}

export async function openLine(): Promise<Line> {
  let state: 'open' | 'cut' | 'no sockets' = 'open';
  let instead: number | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((asked, answer) => forward(asked, answer, instead));
  server.on('connection', (socket) => keep(socket));
  // WebSockets come through CONNECT.
  server.on('connect', (asked, socket: Socket, head: Buffer) => {
    if (state !== 'open') return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const { hostname, port } = new URL(`http://${asked.url}`);
    const onward = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    keep(onward);
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.on('connection', (socket) => {
    if (state === 'cut') socket.destroy();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  }
  function hangUp(): void {
    for (const socket of sockets) socket.destroy();
  }
  return {
    proxy: { server: `http://127.0.0.1:${port}`, bypass: '<-loopback>' },
    cut() {
      state = 'cut';
      hangUp();
    },
    restore() {
      state = 'open';
    },
    leadTo(other) {
      instead = other;
    },
    blockSockets() {
      state = 'no sockets';
      hangUp();
    },
    close() {
      hangUp();
      server.close();
    },
  };
}

function forward(asked: IncomingMessage, answer: ServerResponse, instead: number | undefined): void {
  const url = new URL(asked.url ?? '');
  if (instead) url.port = String(instead);
  const onward = request(url, { method: asked.method, headers: asked.headers }, (got) => {
    answer.writeHead(got.statusCode ?? 502, got.rawHeaders);
    got.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  asked.on('error', () => onward.destroy());
  answer.on('close', () => onward.destroy());
  asked.pipe(onward);
}
