import { decodeLive, encodeBatch } from '@engawa/board';
import { BoardElsewhere, personOf, type JoinNodes } from './board-elsewhere.ts';
import { Seat, type Guest } from './board-seat.ts';

/** Milliseconds between two batches: what is said in between is gathered. */
const EVERY = 100;
/** Bytes of one batch. Messages stand alone, so what is beyond is left out. */
const MOST = 64 << 10;
/** With more pages than this, pointers that do nothing are not shown: they would only hide the board. */
const CROWD = 50;

/** The pages on one board: what each does goes to the others, gathered, and only what they can see. */
export class BoardRoom {
  readonly #seats = new Map<number, Seat>();
  #timer: NodeJS.Timeout | null = null;
  #last = 0;
  #newPeople = false;
  readonly #join: JoinNodes | null;
  #elsewhere: BoardElsewhere | null = null;

  /** `join` brings in the pages that are on this board at other nodes. */
  constructor(join: JoinNodes | null = null) {
    this.#join = join;
  }

  /** Pages of this node. */
  get size(): number {
    return [...this.#seats.values()].filter(({ elsewhere }) => !elsewhere).length;
  }

  pagesOf(personId: string): number {
    return [...this.#seats.values()].filter(({ guest }) => guest.id === personId).length;
  }

  enter(guest: Guest): void {
    this.#seats.set(guest.peer, new Seat(guest));
    this.#elsewhere ??= this.#join && this.#listen(this.#join);
    this.#peopleChanged();
  }

  leave(peer: number): void {
    if (!this.#seats.delete(peer)) return;
    for (const seat of this.#seats.values()) {
      seat.near.delete(peer);
      if (seat.follows === peer) seat.follows = null;
    }
    this.#peopleChanged();
  }

  #listen(join: JoinNodes): BoardElsewhere {
    return new BoardElsewhere(this.#seats, join, {
      leave: (peer) => this.leave(peer),
      changed: (people) => (people ? this.#peopleChanged() : this.#soon()),
    });
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#seats.clear();
    this.#elsewhere?.close();
    this.#elsewhere = null;
  }

  /** A page says something. False when it is nothing that a page of ours says. */
  hear(peer: number, bytes: unknown): boolean {
    const message = decodeLive(bytes);
    if (message === null) return false;
    const seat = this.#seats.get(peer);
    if (!seat || seat.suspended || !seat.mayDo(message)) return true;
    seat.say(message);
    this.#soon();
    return true;
  }

  /** A page wants to see what another one sees, or (null) no longer. */
  follow(peer: number, whom: number | null): void {
    const seat = this.#seats.get(peer);
    if (!seat) return;
    seat.follows = whom !== null && this.#seats.has(whom) ? whom : null;
    seat.behind = true;
    this.#soon();
  }

  /** What a person may do has changed: what they may no longer do ends for the others. */
  allow(peer: number, may: Guest['may']): void {
    const seat = this.#seats.get(peer);
    if (!seat) return;
    const { edit, comment } = seat.guest.may;
    seat.guest.may = may;
    if ((edit && !may.edit) || (comment && !may.comment)) seat.hush();
    this.#soon();
  }

  suspend(peer: number, suspended: boolean): void {
    const seat = this.#seats.get(peer);
    if (!seat) return;
    seat.suspended = suspended;
    seat.behind = true;
    this.#soon();
  }

  #peopleChanged(): void {
    this.#newPeople = true;
    this.#soon();
  }

  /** The first is passed on at once; what follows within the time, together. */
  #soon(): void {
    if (this.size === 0) return this.close();
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(0, this.#last + EVERY - performance.now()));
  }

  #flush(): void {
    this.#timer = null;
    this.#last = performance.now();
    const seats = [...this.#seats.values()];
    this.#elsewhere?.pass(this.#newPeople);
    if (this.#newPeople) this.#tellPeople(seats);
    let missed = false;
    for (const seat of seats) {
      if (seat.suspended || seat.elsewhere) continue;
      if (seat.guest.ready()) this.#send(seat, seats);
      else missed = seat.behind = true;
    }
    for (const seat of seats) seat.said = [];
    if (missed) this.#soon();
  }

  #send(seat: Seat, seats: Seat[]): void {
    const entries: [number, Uint8Array][] = [];
    let size = 0;
    for (const other of seats) {
      if (other === seat || other.suspended) continue;
      for (const { bytes } of seat.wordsOf(other, seats.length > CROWD)) {
        size += bytes.byteLength + 8;
        if (size <= MOST) entries.push([other.guest.peer, bytes]);
      }
    }
    seat.behind = seat.looked = false;
    if (entries.length > 0) seat.guest.send(encodeBatch(entries));
  }

  #tellPeople(seats: Seat[]): void {
    this.#newPeople = false;
    const people = seats.map(personOf);
    for (const { guest } of seats) guest.tell(people);
  }
}
