import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { MAX_LIVE } from '@engawa/board';
import { LIVE_PATH, type LiveEvents, type LiveRequests } from '@engawa/schema';
import { callerOf, createCtx, nameTag, type Services } from '@engawa/domain';
import type { Logger } from 'pino';
import { Server } from 'socket.io';
import type { Held } from '../access/epochs.ts';
import { sessionToken } from '../sockets/cookie.ts';
import { Tally } from '../sockets/tally.ts';
import { Boards, serveBoards } from './boards.ts';
import { listenToChanges } from './changes.ts';
import type { LiveSocket, SocketData } from './live-socket.ts';
import { Presence } from './presence.ts';
import { serveRequests } from './requests.ts';
import { Neighbours } from '../nodes/neighbours.ts';
import { joinByValkey, type NodeEvents } from '../nodes/valkey.ts';
import { serveWatching } from './watching.ts';

export interface Live {
  /** The other nodes, and what they hold of what is open here. */
  readonly neighbours: Neighbours;
  attach(server: HttpServer): void;
  /** How many pages are connected. */
  pages(): number;
  /** What the epochs have to look after. */
  held(): Held[];
  stop(): Promise<void>;
}

/** Requests are hints, ids and what a hand does on a board: nothing large has business here. */
const MAX_MESSAGE = MAX_LIVE + 2_048;
/** Milliseconds until somebody who has not said who they are is let go. */
const GREETING = 10_000;
/** Pages of one person: each may ask for decisions. */
const MAX_EACH = 300;

/** Live rooms at `/live`: who is in a space, that something in it has changed, and what hands do on boards. */
export function startLive(
  services: Services,
  allowedOrigins: (origin: string) => boolean,
  log: Logger,
  valkeyUrl: string | null = null,
): Live {
  const io = new Server<LiveRequests, LiveEvents, NodeEvents, SocketData>({
    path: LIVE_PATH,
    serveClient: false,
    destroyUpgrade: false,
    maxHttpBufferSize: MAX_MESSAGE,
    connectTimeout: GREETING,
    perMessageDeflate: false,
    httpCompression: false,
    allowRequest: (request, answer) => answer(null, mayAsk(request, allowedOrigins)),
  });
  const valkey = valkeyUrl ? joinByValkey(io, valkeyUrl, () => neighbours.greet(), log) : null;
  const neighbours = new Neighbours(valkey?.carrier ?? null);
  const presence = new Presence(io, neighbours);
  const boards = new Boards(neighbours);
  /** What each page rests on. */
  const pages = new Map<LiveSocket, () => Held[]>();
  const people = new Tally();
  const held = () => [...pages.values()].flatMap((of) => of());
  const changes = listenToChanges(
    services.sql,
    {
      watched: () => new Set(held().map(({ spaceId }) => spaceId)),
      tell: (spaceId) => void io.local.to(spaceId).emit('space:changed', { spaceId }),
    },
    log,
  );

  io.use((socket, next) => void identify(services, socket, people).then(() => next(), next));
  io.on('connection', (socket) => {
    const serve = serveRequests(socket, log);
    const watched = serveWatching(services, socket, presence, serve);
    const board = serveBoards(services, socket, boards, serve);
    pages.set(socket, () => [...watched(), ...board()]);
    people.add(socket.data.person.id, 1);
    socket.on('disconnect', () => {
      pages.delete(socket);
      people.add(socket.data.person.id, -1);
    });
  });

  return {
    neighbours,
    attach: (server) => void io.attach(server),
    pages: () => pages.size,
    held,
    async stop() {
      await changes.stop();
      boards.stop();
      // Only this node's: the others go on.
      io.local.disconnectSockets(true);
      io.engine?.close();
      neighbours.stop();
      valkey?.stop();
    },
  };
}

/** Browsers name their origin on every WebSocket; on a same-origin GET of the polling transport they do not. */
function mayAsk(request: IncomingMessage, allowedOrigins: (origin: string) => boolean): boolean {
  const { origin, upgrade } = request.headers;
  if (origin !== undefined) return allowedOrigins(origin);
  return upgrade === undefined;
}

async function identify(services: Services, socket: LiveSocket, people: Tally): Promise<void> {
  const token = sessionToken(socket.handshake.headers.cookie, services.origin);
  const caller = await callerOf(services, token);
  if (caller.kind === 'anonymous') throw new Error('unauthenticated');
  socket.data.token = token;
  socket.data.person = await nameTag(createCtx(caller, services));
  if (people.of(socket.data.person.id) >= MAX_EACH) throw new Error('too_many');
}
