import { accessOf, callerOf, createCtx, isShownIn, type Services } from '@engawa/domain';
import { NotFound, TooMany, WatchInput } from '@engawa/schema';
import { decideBy, type Held } from '../access/epochs.ts';
import type { LiveSocket } from './live-socket.ts';
import { type Presence, presenceRoom } from './presence.ts';
import type { Serve } from './requests.ts';

/** A space that a page looks at. */
interface Watched extends Held {
  /** Whether the others there may know that this person is. */
  readonly shown: boolean;
}

/** A page and the spaces it looks at. */
interface Page {
  services: Services;
  socket: LiveSocket;
  presence: Presence;
  watched: Map<string, Watched>;
}

/** A page shows one space, and the sidebar a few. */
const MAX_WATCHED = 50;

/** Answers `watch` and `unwatch` of one page. Returns what the epochs have to look after for it. */
export function serveWatching(
  services: Services,
  socket: LiveSocket,
  presence: Presence,
  serve: Serve,
): () => Held[] {
  const page: Page = { services, socket, presence, watched: new Map() };
  socket.on('disconnect', () => {
    for (const spaceId of page.watched.keys()) presence.leave(spaceId, socket);
    page.watched.clear();
  });
  serve('watch', WatchInput, ({ spaceId }) => watch(page, spaceId));
  serve('unwatch', WatchInput, ({ spaceId }) => leave(page, spaceId));
  return () => [...page.watched.values()];
}

async function watch(page: Page, spaceId: string): Promise<void> {
  const { socket, presence, watched } = page;
  if (!watched.has(spaceId) && watched.size >= MAX_WATCHED) throw new TooMany();
  const held = await decide(page, spaceId);
  if (!held) throw new NotFound();
  if (!socket.connected) return leave(page, spaceId);
  watched.set(spaceId, held);
  if (held.shown) presence.enter(spaceId, socket);
  else presence.leave(spaceId, socket);
}

/** The decision of the door `live.watch`; joins the rooms that follow from it. Null when it may not (any longer). */
async function decide(page: Page, spaceId: string): Promise<Watched | null> {
  const { services, socket } = page;
  const ctx = createCtx(await callerOf(services, socket.data.token), services);
  const access = await accessOf(ctx, spaceId);
  if (access?.objectKind !== 'space') return null;
  const shown = access.can.view || (await isShownIn(ctx, spaceId));
  await socket.join(spaceId);
  // Who was invited to one folder may know the name of the space, and not who else is there.
  if (access.can.view) await socket.join(presenceRoom(spaceId));
  else await socket.leave(presenceRoom(spaceId));
  return {
    spaceId,
    epoch: access.epoch!,
    shown,
    until: decideBy(access.until),
    decide: () => decideAgain(page, spaceId),
    // Hints carry nothing, and come from the database: while it is away there are none.
    suspend() {},
    resume() {},
  };
}

async function decideAgain(page: Page, spaceId: string): Promise<void> {
  const { socket, presence, watched } = page;
  if (!watched.has(spaceId)) return;
  const held = await decide(page, spaceId);
  // Left while it was decided: the rooms that the decision joined are left again, since nobody decides about them now.
  if (!watched.has(spaceId)) return leave(page, spaceId);
  if (held) {
    const before = watched.get(spaceId);
    watched.set(spaceId, held);
    if (held.shown && !before?.shown) presence.enter(spaceId, socket);
    else if (!held.shown) presence.leave(spaceId, socket);
    return;
  }
  await leave(page, spaceId);
  socket.emit('access:ended', { objectId: spaceId });
}

async function leave({ socket, presence, watched }: Page, spaceId: string): Promise<void> {
  watched.delete(spaceId);
  await socket.leave(spaceId);
  await socket.leave(presenceRoom(spaceId));
  presence.leave(spaceId, socket);
}
