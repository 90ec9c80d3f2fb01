import { decodeLive } from '@engawa/board';
import type { BoardPerson } from '@engawa/schema';
import type { Listener, Topic } from '../nodes/neighbours.ts';
import { Seat } from './board-seat.ts';

/** Begins to listen to other nodes that hold the same board. */
export type JoinNodes = (listener: Listener) => Topic;

/** What nodes say of a board: who is on it, and what those did. */
type Payload = { people: BoardPerson[] } | { said: [peer: number, bytes: Uint8Array][] };

/**
 * The pages that are on the same board at other nodes. Here each has a seat like anybody's, of which nothing is asked
 * and which is told nothing; what it may do, its own node has decided.
 */
export class BoardElsewhere {
  readonly #seats: Map<number, Seat>;
  readonly #changed: (people: boolean) => void;
  readonly #leave: (peer: number) => void;
  readonly #nodes = new Map<string, Set<number>>();
  readonly #topic: Topic;

  constructor(
    seats: Map<number, Seat>,
    join: JoinNodes,
    tell: { changed(people: boolean): void; leave(peer: number): void },
  ) {
    this.#seats = seats;
    this.#changed = tell.changed;
    this.#leave = tell.leave;
    this.#topic = join({
      met: () => this.#introduce(),
      hear: (node, payload) => this.#hear(node, payload as Payload),
      left: (node) => this.#seat(node, []),
    });
  }

  /** Passes on who is here, and what they have said since the last batch. */
  pass(people: boolean): void {
    if (this.#topic.peers === 0) return;
    if (people) this.#topic.say({ people: this.#own().map(personOf) } satisfies Payload);
    this.#say((seat) => seat.said.map(({ bytes }) => bytes));
  }

  close(): void {
    this.#topic.leave();
  }

  #own(): Seat[] {
    return [...this.#seats.values()].filter((seat) => !seat.elsewhere);
  }

  #say(words: (seat: Seat) => Uint8Array[]): void {
    const said = this.#own().flatMap((seat) =>
      words(seat).map((bytes): [number, Uint8Array] => [seat.guest.peer, bytes]),
    );
    if (said.length > 0) this.#topic.say({ said } satisfies Payload);
  }

  /** A node that has just come knows nothing of what stands. */
  #introduce(): void {
    this.#topic.say({ people: this.#own().map(personOf) } satisfies Payload);
    this.#say(({ selection, view, hand }) => [selection, view, hand].flatMap((word) => word?.bytes ?? []));
  }

  #hear(node: string, payload: Payload): void {
    if ('people' in payload) return this.#seat(node, payload.people);
    const known = this.#nodes.get(node);
    for (const [peer, bytes] of payload.said) {
      const message = known?.has(peer) ? decodeLive(bytes) : null;
      if (message) this.#seats.get(peer)?.say(message);
    }
    this.#changed(false);
  }

  /** Seats exactly these people of that node. */
  #seat(node: string, people: BoardPerson[]): void {
    const before = this.#nodes.get(node) ?? new Set();
    const now = new Set(people.map(({ peer }) => peer));
    this.#nodes.set(node, now);
    for (const peer of before) if (!now.has(peer)) this.#leave(peer);
    const came = people.filter(({ peer }) => !before.has(peer) && !this.#seats.has(peer));
    // Who is there is answered by who is here: to what is no news nothing is said, or two nodes would go on for ever.
    if (came.length === 0) return;
    for (const person of came) {
      const guest = {
        ...person,
        may: { comment: true, edit: true },
        ready: () => true,
        send() {},
        tell() {},
      };
      this.#seats.set(person.peer, new Seat(guest, true));
    }
    this.#changed(true);
  }
}

export function personOf({ guest: { peer, id, name, organisation, color } }: Seat): BoardPerson {
  return { peer, id, name, organisation, color };
}
