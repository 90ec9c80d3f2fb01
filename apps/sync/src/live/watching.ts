import { accessOf, callerOf, createCtx, epochsOf, isShownIn, type Services } from '@engawa/domain';
import {
  EngawaError,
  NotFound,
  parse,
  TooMany,
  WatchInput,
  type LiveEvents,
  type LivePerson,
} from '@engawa/schema';
import type { LiveRequests, WatchAnswer } from '@engawa/schema';
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import type { Held } from '../access/epochs.ts';
import { type Presence, presenceRoom } from './presence.ts';

/** A space that a page looks at. */
interface Watched extends Held {
  /** Whether the others there may know that this person is. */
  readonly shown: boolean;
}

export interface SocketData {
  token: string | null;
  person: LivePerson;
  /** The spaces this page looks at. */
  watched: Map<string, Watched>;
}

export type LiveSocket = Socket<LiveRequests, LiveEvents, Record<string, never>, SocketData>;

/** A page shows one space, and the sidebar a few. */
const MAX_WATCHED = 50;
/** Requests within ten seconds. */
const MAX_REQUESTS = 100;
/** Sessions also end by the clock. */
const RECHECK = 60_000;

/** Answers `watch` and `unwatch` of one page. */
export function serveWatching(services: Services, socket: LiveSocket, presence: Presence, log: Logger): void {
  let requests = 0;
  const calm = setInterval(() => (requests = 0), 10_000);
  socket.on('disconnect', () => {
    clearInterval(calm);
    for (const spaceId of socket.data.watched.keys()) presence.leave(spaceId, socket);
    socket.data.watched.clear();
  });

  const serve = (act: (spaceId: string) => Promise<void>) => (input: unknown, answer?: unknown) => {
    const reply = typeof answer === 'function' ? (answer as (result: WatchAnswer) => void) : () => {};
    if ((requests += 1) > MAX_REQUESTS) return socket.disconnect(true);
    void attempt(() => act(parse(WatchInput, input).spaceId), log).then(reply);
  };

  socket.on(
    'watch',
    serve((spaceId) => watch(services, socket, presence, spaceId)),
  );
  socket.on(
    'unwatch',
    serve(async (spaceId) => leave(socket, presence, spaceId)),
  );
}

async function attempt(act: () => Promise<void>, log: Logger): Promise<WatchAnswer> {
  try {
    await act();
    return { ok: true };
  } catch (error) {
    if (error instanceof EngawaError) return { ok: false, code: error.code };
    log.warn({ err: error }, 'a live request failed');
    return { ok: false, code: 'unavailable' };
  }
}

async function watch(
  services: Services,
  socket: LiveSocket,
  presence: Presence,
  spaceId: string,
): Promise<void> {
  const { watched } = socket.data;
  if (!watched.has(spaceId) && watched.size >= MAX_WATCHED) throw new TooMany();
  const held = await decide(services, socket, presence, spaceId);
  if (!held) throw new NotFound();
  if (!socket.connected) return leave(socket, presence, spaceId);
  watched.set(spaceId, held);
  if (held.shown) presence.enter(spaceId, socket);
  else presence.leave(spaceId, socket);
}

/** The decision of the door `live.watch`; joins the rooms that follow from it. Null when it may not (any longer). */
async function decide(
  services: Services,
  socket: LiveSocket,
  presence: Presence,
  spaceId: string,
): Promise<Watched | null> {
  // The epoch first: a change that comes between is then decided about again.
  const epoch = (await epochsOf(services.sql, [spaceId])).get(spaceId);
  const ctx = createCtx(await callerOf(services, socket.data.token), services);
  const access = epoch === undefined ? null : await accessOf(ctx, spaceId);
  if (epoch === undefined || access?.objectKind !== 'space') return null;
  const shown = access.can.view || (await isShownIn(ctx, spaceId));
  await socket.join(spaceId);
  // Who was invited to one folder may know the name of the space, and not who else is there.
  if (access.can.view) await socket.join(presenceRoom(spaceId));
  else await socket.leave(presenceRoom(spaceId));
  return {
    spaceId,
    epoch,
    shown,
    until: Math.min(access.until?.getTime() ?? Infinity, Date.now() + RECHECK),
    decide: () => decideAgain(services, socket, presence, spaceId),
    // Hints carry nothing, and come from the database: while it is away there are none.
    suspend() {},
    resume() {},
  };
}

async function decideAgain(
  services: Services,
  socket: LiveSocket,
  presence: Presence,
  spaceId: string,
): Promise<void> {
  const { watched } = socket.data;
  if (!watched.has(spaceId)) return;
  const held = await decide(services, socket, presence, spaceId);
  // Left while it was decided: the rooms that the decision joined are left again, since nobody decides about them now.
  if (!watched.has(spaceId)) return leave(socket, presence, spaceId);
  if (held) {
    const before = watched.get(spaceId);
    watched.set(spaceId, held);
    if (held.shown && !before?.shown) presence.enter(spaceId, socket);
    else if (!held.shown) presence.leave(spaceId, socket);
    return;
  }
  await leave(socket, presence, spaceId);
  socket.emit('access:ended', { objectId: spaceId });
}

async function leave(socket: LiveSocket, presence: Presence, spaceId: string): Promise<void> {
  socket.data.watched.delete(spaceId);
  await socket.leave(spaceId);
  await socket.leave(presenceRoom(spaceId));
  presence.leave(spaceId, socket);
}
