import { decodeBatch, encodeLive, visible, type BoardView, type Stage } from '@engawa/board';
import type { BoardPerson, LiveEvents, LiveRequests } from '@engawa/schema';
import type { Socket } from 'socket.io-client';
import { live } from '#lib/live/live.svelte.ts';

/** After this long without a word of somebody, their pointer is no longer shown. */
const STALE_MS = 30_000;
const LOOK_MS = 5_000;

type Line = Socket<LiveEvents, LiveRequests>;

/**
 * Joins the live channel of a board: what the others do goes to the view, what happens here goes to them.
 *
 * The page gives the view `send: (bytes) => live?.send(bytes)`, calls `live?.stageChanged(stage)` in the view's
 * `changed`, and `close()` when it leaves. It reconnects by itself. Losing messages is no harm: what lasts is in the
 * document, which has its own connection.
 */
export function openBoardLive(options: { itemId: string; view: BoardView }): BoardLive {
  return new BoardLive(options.itemId, options.view);
}

export class BoardLive {
  /** The other pages on this board; a person with two pages is there twice. */
  people = $state.raw<BoardPerson[]>([]);
  /** The page whose view is followed, until one moves oneself. */
  following = $state.raw<number | null>(null);
  connected = $state(false);
  /** The other people, each once however many pages they have. */
  readonly others = $derived(
    this.people.filter(
      ({ id }, index) => id !== this.#person && this.people.findIndex((other) => other.id === id) === index,
    ),
  );

  readonly #itemId: string;
  readonly #view: BoardView;
  /** When each peer last said something. */
  #heard: Record<number, number> = {};
  readonly #stop = new AbortController();
  #line: Line | null = null;
  #me: number | null = null;
  /** Who has opened this page; a second page of theirs is nobody else. */
  #person = $state<string | null>(null);
  #selection: Stage['selection'] | null = null;

  constructor(itemId: string, view: BoardView) {
    this.#itemId = itemId;
    this.#view = view;
    const timer = setInterval(() => this.#hideStale(), LOOK_MS);
    this.#stop.signal.addEventListener('abort', () => clearInterval(timer));
    void live.line().then((line) => this.#begin(line));
  }

  /** Tells the others; dropped while there is no connection. */
  readonly send = (bytes: Uint8Array): void => {
    if (this.#me !== null) this.#line?.volatile.emit('board:say', bytes);
  };

  /** Sees what another sees; null ends it. */
  follow(peer: number | null): void {
    this.following = peer;
    this.#view.follow(peer === null ? null : String(peer));
    this.#line?.emit('board:follow', { peer });
  }

  /** After anything in the view has changed: a follow that ended by moving oneself, a selection made elsewhere. */
  stageChanged(stage: Stage): void {
    if (this.following !== null && this.#view.follows === null) this.follow(null);
    if (stage.selection === this.#selection) return;
    this.#selection = stage.selection;
    this.send(encodeLive({ kind: 'selection', ids: [...stage.selection] }));
  }

  close(): void {
    this.#stop.abort();
    const line = this.#line;
    if (line) {
      line.off('connect', this.#join);
      line.off('disconnect', this.#lost);
      line.off('board:people', this.#meet);
      line.off('board:live', this.#hear);
      if (line.connected) line.emit('board:leave', { itemId: this.#itemId });
    }
    this.#lost();
    this.#line = null;
  }

  #begin(line: Line): void {
    if (this.#stop.signal.aborted) return;
    this.#line = line;
    line.on('connect', this.#join);
    line.on('disconnect', this.#lost);
    line.on('board:people', this.#meet);
    line.on('board:live', this.#hear);
    if (line.connected) this.#join();
  }

  readonly #join = (): void => {
    this.#line?.emit('board:join', { itemId: this.#itemId }, (answer) => {
      // Refused: the document's own connection says why, and the page with it.
      if (!answer.ok || this.#stop.signal.aborted) return;
      this.#me = answer.peer;
      this.connected = true;
      this.#introduce();
    });
  };

  /** What the others cannot know of somebody who has just come (back). */
  #introduce(): void {
    const { camera, view } = this.#view.stage;
    this.send(encodeLive({ kind: 'view', area: visible(camera, view) }));
    if (this.#selection?.size) this.send(encodeLive({ kind: 'selection', ids: [...this.#selection] }));
  }

  readonly #lost = (): void => {
    this.#me = null;
    this.connected = false;
    this.#show([]);
  };

  readonly #meet: LiveEvents['board:people'] = ({ itemId, people }) => {
    if (itemId === this.#itemId) this.#show(people);
  };

  #show(everybody: BoardPerson[]): void {
    this.#person = everybody.find(({ peer }) => peer === this.#me)?.id ?? this.#person;
    const people = everybody.filter(({ peer }) => peer !== this.#me);
    const here = (peer: number) => people.some((one) => one.peer === peer);
    for (const { peer } of this.people) if (!here(peer)) this.#view.part(String(peer));
    for (const { peer, name, color } of people) this.#view.meet(String(peer), name, color);
    this.people = people;
    if (this.following !== null && !here(this.following)) this.following = null;
  }

  readonly #hear: LiveEvents['board:live'] = (batch) => {
    const now = performance.now();
    for (const { peer, message } of decodeBatch(batch)) {
      this.#heard[peer] = now;
      this.#view.hear(String(peer), message);
    }
  };

  #hideStale(): void {
    const now = performance.now();
    for (const { peer } of this.people) {
      if (now - (this.#heard[peer] ?? now) < STALE_MS) continue;
      delete this.#heard[peer];
      this.#view.hear(String(peer), { kind: 'away' });
    }
  }
}
