import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { LIVE_PATH, type LiveEvents, type LiveRequests } from '@engawa/schema';
import { callerOf, createCtx, me, type Services } from '@engawa/domain';
import type { Logger } from 'pino';
import { Server } from 'socket.io';
import type { Held } from '../access/epochs.ts';
import { sessionToken } from '../sockets/cookie.ts';
import { listenToChanges } from './changes.ts';
import { Presence } from './presence.ts';
import { serveWatching, type LiveSocket, type SocketData } from './watching.ts';

export interface Live {
  attach(server: HttpServer): void;
  /** What the epochs have to look after. */
  held(): Held[];
  stop(): Promise<void>;
}

/** Requests are hints and ids: nothing large has business here. */
const MAX_MESSAGE = 4_096;
/** Milliseconds until somebody who has not said who they are is let go. */
const GREETING = 10_000;

/** Live rooms at `/live`: who is in a space, and that something in it has changed. */
export function startLive(
  services: Services,
  allowedOrigins: (origin: string) => boolean,
  log: Logger,
): Live {
  const io = new Server<LiveRequests, LiveEvents, Record<string, never>, SocketData>({
    path: LIVE_PATH,
    serveClient: false,
    destroyUpgrade: false,
    maxHttpBufferSize: MAX_MESSAGE,
    connectTimeout: GREETING,
    perMessageDeflate: false,
    httpCompression: false,
    allowRequest: (request, answer) => answer(null, mayAsk(request, allowedOrigins)),
  });
  const presence = new Presence(io);
  const sockets = new Set<LiveSocket>();
  const changes = listenToChanges(
    services.sql,
    (spaceId) => io.to(spaceId).emit('space:changed', { spaceId }),
    log,
  );

  io.use((socket, next) => {
    identify(services, socket).then(
      () => next(),
      (error) => next(error),
    );
  });
  io.on('connection', (socket) => {
    sockets.add(socket);
    serveWatching(services, socket, presence, log);
    socket.on('disconnect', () => sockets.delete(socket));
  });

  return {
    attach: (server) => void io.attach(server),
    held: () => [...sockets].flatMap((socket) => [...socket.data.watched.values()]),
    async stop() {
      await changes.stop();
      io.disconnectSockets(true);
      io.engine?.close();
    },
  };
}

/** Browsers name their origin on every WebSocket; on a same-origin GET of the polling transport they do not. */
function mayAsk(request: IncomingMessage, allowedOrigins: (origin: string) => boolean): boolean {
  const { origin, upgrade } = request.headers;
  if (origin !== undefined) return allowedOrigins(origin);
  return upgrade === undefined;
}

async function identify(services: Services, socket: LiveSocket): Promise<void> {
  const token = sessionToken(socket.handshake.headers.cookie, services.origin);
  const caller = await callerOf(services, token);
  if (caller.kind === 'anonymous') throw new Error('unauthenticated');
  const { id, name, affiliations } = await me(createCtx(caller, services));
  socket.data.token = token;
  socket.data.person = { id, name, organisation: affiliations[0]?.organisation.name ?? '' };
  socket.data.watched = new Map();
}
