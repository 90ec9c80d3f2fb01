import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { isId, MAX_FRAME, SYNC_PATH } from '@engawa/schema';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { countRefusedSocket } from '../metrics.ts';
import { sessionToken } from './cookie.ts';
import { Link } from './link.ts';
import { Tally } from './tally.ts';

/** Milliseconds from the opened socket to the opened document. */
const HANDSHAKE = 15_000;
/** Sockets that may be in their handshake at once. */
const MAX_GREETING = 2_000;
/** Of those, how many may be one person's: a window with many tabs comes back, a flood does not crowd others out. */
const MAX_GREETING_EACH = 200;
/** Sockets of one person that are open: each may make the server hold some megabytes. */
const MAX_OPEN_EACH = 1_000;

export interface UpgradeOptions {
  log: Logger;
  allowedOrigins: (origin: string) => boolean;
  /** The public address: decides the name of the session cookie. */
  origin: string;
  /** Whether new connections are taken. */
  accepts: () => boolean;
  /** Resolves when the person is known, or will not be. */
  open(link: Link, request: Request): Promise<void>;
}

/** Answers upgrade requests under `/sync/`; returns false for all others. */
export function createUpgrade(options: UpgradeOptions) {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME,
    skipUTF8Validation: true,
    // A link that is being read no further must not be handed what was already buffered.
    allowSynchronousEvents: true,
    // The link answers: who floods with pings is slowed as well.
    autoPong: false,
  });
  const greeting = new Tally();
  const opened = new Tally();

  /** Counts a link for its session, and then for the person it turns out to be: who signs in often is still one. */
  function seat(link: Link, ws: WebSocket): (person: string) => boolean {
    const taken = new Set([greeting, opened]);
    let whom = link.token;
    const leave = (tally: Tally) => taken.delete(tally) && tally.add(whom, -1);
    for (const tally of taken) tally.add(whom, 1);
    ws.once('close', () => leave(opened));
    void link.settled.then(() => leave(greeting));
    return (person) => {
      for (const tally of taken) tally.add(whom, -1);
      whom = person;
      for (const tally of taken) tally.add(whom, 1);
      return greeting.of(person) <= MAX_GREETING_EACH && opened.of(person) <= MAX_OPEN_EACH;
    };
  }

  return (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    const url = request.url ?? '';
    if (!url.startsWith(SYNC_PATH)) return false;
    const at = readAddress(url);
    // Browsers always send an Origin; programs that are none have to say one too.
    if (!options.allowedOrigins(request.headers.origin ?? '')) return refuse(socket, 403, 'Forbidden');
    if (!at) return refuse(socket, 404, 'Not Found');
    const token = sessionToken(request.headers.cookie, options.origin);
    const full =
      greeting.all >= MAX_GREETING ||
      greeting.of(token) >= MAX_GREETING_EACH ||
      opened.of(token) >= MAX_OPEN_EACH;
    if (!options.accepts() || full) return refuse(socket, 503, 'Service Unavailable');
    server.handleUpgrade(request, socket, head, (ws) => {
      const link = new Link(ws, socket, { ...at, token }, options.log);
      const isRoomFor = seat(link, ws);
      const timer = setTimeout(() => link.end('unavailable', 'no document in time'), HANDSHAKE);
      void link.settled.then(() => clearTimeout(timer));
      void options.open(link, new Request(`http://sync${url}`)).then(() => {
        if (link.identity && !isRoomFor(link.identity.person.id))
          link.end('tooMany', 'too many connections of one person');
      });
    });
    return true;
  };
}

function readAddress(url: string): { itemId: string; generation: number } | null {
  const [path = '', query = ''] = url.slice(SYNC_PATH.length).split('?');
  const generation = Number(new URLSearchParams(query).get('g'));
  if (!isId(path) || !Number.isInteger(generation) || generation < 1 || generation > 2 ** 31 - 1) return null;
  return { itemId: path.toLowerCase(), generation };
}

function refuse(socket: Duplex, status: number, text: string): true {
  countRefusedSocket(status);
  // Who does not close their side either must not keep the socket for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  return true;
}
