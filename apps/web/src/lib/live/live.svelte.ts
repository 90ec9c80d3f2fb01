import { navigating } from '$app/state';
import { LIVE_PATH, type LiveEvents, type LivePerson, type LiveRequests } from '@engawa/schema';
import type { Socket } from 'socket.io-client';
import { news } from './news.remote.ts';
import { QUESTIONS } from './questions.ts';

/** Hints that come close together are answered by one refresh. */
const CALM_MS = 150;
/** How long an answer that did not come is waited for before asking again, times 0.5 to 1.5. */
const AGAIN_MS = 2_000;

/** The news of the space that is open: who is here, that something changed, that one may no longer see it. */
class Live {
  people = $state.raw<LivePerson[]>([]);
  connected = $state(true);
  /** The object that was taken away while its page was open. */
  ended = $state<string | null>(null);

  #socket: Socket<LiveEvents, LiveRequests> | null = null;
  #spaceId: string | null = null;
  #calm: ReturnType<typeof setTimeout> | undefined;
  #asking = false;

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

  /** The connection itself, for what else is live on a page. Made when it is first asked for. */
  async line(): Promise<Socket<LiveEvents, LiveRequests>> {
    await this.#connect();
    return this.#socket!;
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
    this.connected = true;
    if (!spaceId) return;
    this.#socket?.emit('watch', { spaceId }, (answer) => {
      if (this.#spaceId !== spaceId) return;
      if (!answer.ok) this.#end(spaceId);
      // Nobody told of what happened since the page was made, or while the line was away.
      else this.#refreshSoon();
    });
  }

  #end(objectId: string): void {
    const here = location.pathname.split('/');
    if (here.includes(objectId)) this.ended = objectId;
    else this.#refreshSoon();
  }

  #refreshSoon(ms = CALM_MS): void {
    clearTimeout(this.#calm);
    this.#calm = setTimeout(() => void this.#refresh(), ms);
  }

  async #refresh(): Promise<void> {
    // The page that is on its way asks for everything anew; refreshing the one it leaves could hold it up.
    if (navigating.to || this.#asking) return this.#refreshSoon();
    this.#asking = true;
    try {
      await news({}).updates(...QUESTIONS);
    } catch (error) {
      // A line or a program that is away comes back; an answer that says no would say it again.
      const { status } = error as { status?: number };
      if (!status || status >= 500) this.#refreshSoon(AGAIN_MS * (0.5 + Math.random()));
    } finally {
      this.#asking = false;
    }
  }
}

export const live = new Live();
