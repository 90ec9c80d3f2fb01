/**
 * What a WebSocket costs by itself: hands each message to everybody on the same path, and knows nothing. `CORK`: what
 * leaves within a tick leaves in one write. A file in `STORED` is what every newcomer is handed: bytes, no CRDT.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import * as encoding from 'lib0/encoding';
import { WebSocketServer, type WebSocket } from 'ws';

const { PORT, CORK, STORED } = process.env;
const rooms = new Map<string, Set<WebSocket>>();
const corked = new Set<Socket>();
const stored = STORED ? answerOf(readFileSync(STORED)) : null;

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (ws, request) => {
  const path = request.url ?? '';
  const room = rooms.get(path) ?? new Set();
  rooms.set(path, room.add(ws));
  if (stored) for (const message of stored) ws.send(message);
  ws.on('message', (data) => {
    for (const other of room) {
      if (CORK) cork(other);
      other.send(data, { binary: true });
    }
  });
  ws.on('close', () => room.delete(ws));
  ws.on('error', () => {});
});
server.listen(Number(PORT), '127.0.0.1');

function cork(ws: WebSocket): void {
  const { _socket: socket } = ws as unknown as { _socket: Socket };
  if (corked.has(socket)) return;
  if (corked.size === 0) setImmediate(uncork);
  corked.add(socket);
  socket.cork();
}

function uncork(): void {
  for (const socket of corked) socket.uncork();
  corked.clear();
}

/** Step 2 with the stored bytes, and a step 1 that asks for nothing, as y-websocket sends them. */
function answerOf(update: Uint8Array): Uint8Array[] {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint8Array(encoder, update);
  return [encoding.toUint8Array(encoder), Uint8Array.of(0, 0, 1, 0)];
}
