import { randomInt } from 'node:crypto';
import { MAX_LIVE } from '@engawa/board';
import { accessOf, callerOf, createCtx, type Services } from '@engawa/domain';
import { BoardInput, FollowInput, NotFound, TooMany } from '@engawa/schema';
import { decideBy, type Held } from '../access/epochs.ts';
import { colorOf } from '../access/identify.ts';
import { countRefusedFrame } from '../metrics.ts';
import { createAllowance } from './allowance.ts';
import type { Neighbours } from '../nodes/neighbours.ts';
import type { JoinNodes } from './board-elsewhere.ts';
import { BoardRoom } from './board-room.ts';
import type { Guest } from './board-seat.ts';
import type { LiveSocket } from './live-socket.ts';
import type { Serve } from './requests.ts';

/** Pages of one person on one board. */
const MAX_PAGES = 20;
/** Three things at a time at 20 Hz each is the most a hand does; the widest drag is 5 kB. */
const SAYS = { messages: { rate: 80, burst: 160 }, bytes: { rate: 128 << 10, burst: 256 << 10 } };
/** Messages too many, or that are none, within a while after which a page is let go. */
const MAX_EXCESS = 2_000;
const MAX_FAULTS = 20;
const WHILE = 10_000;

/** What a page on a board rests on. */
interface Decision {
  spaceId: string;
  epoch: number;
  until: number;
  may: Guest['may'];
}

/** The boards that pages of this node have open. */
export class Boards {
  readonly #neighbours: Neighbours;
  readonly #rooms = new Map<string, BoardRoom>();
  #peers: number;

  constructor(neighbours: Neighbours) {
    this.#neighbours = neighbours;
    // Pages of several nodes meet on a board, and no two may have one number.
    this.#peers = neighbours.alone ? 0 : randomInt(2 ** 46);
  }

  /** Numbers are never used again, so that a late message is nobody else's. */
  nextPeer(): number {
    return (this.#peers += 1);
  }

  room(itemId: string): BoardRoom {
    const join: JoinNodes = (listener) => this.#neighbours.join(`board:${itemId}`, listener);
    const room = this.#rooms.get(itemId) ?? new BoardRoom(join);
    this.#rooms.set(itemId, room);
    return room;
  }

  leave(itemId: string, peer: number): void {
    const room = this.#rooms.get(itemId);
    room?.leave(peer);
    if (room?.size === 0) this.#rooms.delete(itemId);
  }

  stop(): void {
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
  }
}

/** A page on a board. */
interface Stay {
  readonly itemId: string;
  readonly peer: number;
  readonly held: Held & Decision;
}

/** Lets one page be on a board, one at a time. Returns what the epochs have to look after for it. */
export function serveBoards(
  services: Services,
  socket: LiveSocket,
  boards: Boards,
  serve: Serve,
): () => Held[] {
  let stay: Stay | null = null;
  /** Which request to join was the last: an answer that comes late must not put the page back. */
  let turn = 0;
  const leave = () => {
    turn += 1;
    if (stay) boards.leave(stay.itemId, stay.peer);
    stay = null;
  };
  const decideAgain = async (of: Stay) => {
    const decision = await decide(services, socket, of.itemId);
    if (stay !== of) return;
    if (decision) {
      Object.assign(of.held, decision);
      return boards.room(of.itemId).allow(of.peer, decision.may);
    }
    leave();
    socket.emit('access:ended', { objectId: of.itemId });
  };

  socket.on('disconnect', leave);
  serve('board:join', BoardInput, async ({ itemId }) => {
    leave();
    const mine = turn;
    const decision = await decide(services, socket, itemId);
    if (!decision || mine !== turn || !socket.connected) throw new NotFound();
    const room = boards.room(itemId);
    if (room.pagesOf(socket.data.person.id) >= MAX_PAGES) throw new TooMany();
    const peer = boards.nextPeer();
    const held = {
      ...decision,
      decide: () => decideAgain(now),
      suspend: () => room.suspend(peer, true),
      resume: () => room.suspend(peer, false),
    };
    const now: Stay = { itemId, peer, held };
    stay = now;
    room.enter(guestOf(socket, itemId, peer, decision.may));
    return { peer };
  });
  serve('board:leave', BoardInput, async ({ itemId }) => {
    if (!stay || stay.itemId === itemId) leave();
  });
  serve('board:follow', FollowInput, async ({ peer }) => {
    if (stay) boards.room(stay.itemId).follow(stay.peer, peer);
  });
  listen(socket, (bytes) => !stay || boards.room(stay.itemId).hear(stay.peer, bytes));
  return () => (stay ? [stay.held] : []);
}

/** Passes on what a page says, looked at from the cheapest side first. */
function listen(socket: LiveSocket, hear: (bytes: Uint8Array) => boolean): void {
  const allowed = createAllowance(SAYS);
  let [excess, faults, since] = [0, 0, performance.now()];
  socket.on('board:say', (bytes) => {
    if (performance.now() - since > WHILE) [excess, faults, since] = [0, 0, performance.now()];
    if (!(bytes instanceof Uint8Array) || bytes.byteLength > MAX_LIVE) faults += 1;
    else if (!allowed(bytes.byteLength)) excess += 1;
    else if (hear(bytes)) return;
    else faults += 1;
    countRefusedFrame('hand');
    if (excess > MAX_EXCESS || faults > MAX_FAULTS) socket.disconnect(true);
  });
}

function guestOf(socket: LiveSocket, itemId: string, peer: number, may: Guest['may']): Guest {
  const { person } = socket.data;
  return {
    ...person,
    peer,
    color: colorOf(person.id),
    may,
    ready: () => socket.conn.readyState === 'open' && socket.conn.transport.writable,
    send: (batch) => void socket.volatile.emit('board:live', batch),
    tell: (people) => void socket.emit('board:people', { itemId, people }),
  };
}

/** The decision of the door `live.join`; null when it may not (any longer). */
async function decide(services: Services, socket: LiveSocket, itemId: string): Promise<Decision | null> {
  const ctx = createCtx(await callerOf(services, socket.data.token), services);
  const access = await accessOf(ctx, itemId);
  if (access?.itemKind !== 'board' || !access.can.view) return null;
  return {
    spaceId: access.spaceId!,
    epoch: access.epoch!,
    until: decideBy(access.until),
    may: { comment: access.can.comment, edit: access.can.edit },
  };
}
