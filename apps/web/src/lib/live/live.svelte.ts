import { refreshAll } from '$app/navigation';
import { navigating } from '$app/state';
import { LIVE_PATH, type LiveEvents, type LivePerson, type LiveRequests } from '@engawa/schema';
import type { Socket } from 'socket.io-client';

/** Hints that come close together are answered by one refresh. */
const CALM_MS = 150;

/** The news of the space that is open: who is here, that something changed, that one may no longer see it. */
class Live {
  people = $state.raw<LivePerson[]>([]);
  connected = $state(true);
  /** The object that was taken away while its page was open. */
  ended = $state<string | null>(null);

  #socket: Socket<LiveEvents, LiveRequests> | null = null;
  #spaceId: string | null = null;
  #calm: ReturnType<typeof setTimeout> | undefined;

  /** Watches a space until the returned function is called. */
  watch(spaceId: string): () => void {
    this.#spaceId = spaceId;
    this.people = [];
    if (this.#socket) this.#join();
    else void this.#connect();
    return () => {
      if (this.#spaceId !== spaceId) return;
      this.#spaceId = null;
      this.people = [];
      this.#socket?.emit('unwatch', { spaceId });
    };
  }

  async #connect(): Promise<void> {
    // Only pages that look at a space load it.
    const { io } = await import('socket.io-client');
    if (this.#socket) return;
    this.#socket = io({ path: LIVE_PATH });
    this.#socket.on('connect', () => this.#join());
    this.#socket.on('disconnect', () => (this.connected = false));
    this.#socket.on('space:changed', ({ spaceId }) => spaceId === this.#spaceId && this.#refreshSoon());
    this.#socket.on('space:presence', ({ spaceId, people }) => {
      if (spaceId === this.#spaceId) this.people = people;
    });
    this.#socket.on('access:ended', ({ objectId }) => this.#end(objectId));
  }

  #join(): void {
    const spaceId = this.#spaceId;
    const wasAway = !this.connected;
    this.connected = true;
    if (!spaceId) return;
    this.#socket?.emit('watch', { spaceId }, (answer) => {
      if (!answer.ok && this.#spaceId === spaceId) this.#end(spaceId);
    });
    if (wasAway) this.#refreshSoon();
  }

  #end(objectId: string): void {
    const here = location.pathname.split('/');
    if (here.includes(objectId)) this.ended = objectId;
    else this.#refreshSoon();
  }

  #refreshSoon(): void {
    clearTimeout(this.#calm);
    this.#calm = setTimeout(() => {
      // The page that is on its way asks for everything anew; refreshing the one it leaves could hold it up.
      if (navigating.to) this.#refreshSoon();
      else void refreshAll();
    }, CALM_MS);
  }
}

export const live = new Live();
