import type { LivePerson } from '@engawa/schema';
import type { Server } from 'socket.io';
import type { Neighbours, Topic } from '../nodes/neighbours.ts';
import type { LiveSocket } from './live-socket.ts';

/** The room of those who may see who else is in the space. */
export function presenceRoom(spaceId: string): string {
  return `${spaceId}:people`;
}

/** A space that pages of this node look at. */
interface Room {
  here: Map<LiveSocket, LivePerson>;
  /** Those on other nodes, by node. */
  elsewhere: Map<string, LivePerson[]>;
  topic: Topic;
}

/** Who has a space open, each person once however many pages and nodes they are on. */
export class Presence {
  readonly #io: Server;
  readonly #neighbours: Neighbours;
  readonly #rooms = new Map<string, Room>();

  constructor(io: Server, neighbours: Neighbours) {
    this.#io = io;
    this.#neighbours = neighbours;
  }

  enter(spaceId: string, socket: LiveSocket): void {
    const before = this.people(spaceId).length;
    const room = this.#rooms.get(spaceId) ?? this.#open(spaceId);
    room.here.set(socket, socket.data.person);
    this.#say(room);
    if (this.people(spaceId).length !== before) this.#tell(spaceId);
    else if (socket.rooms.has(presenceRoom(spaceId)))
      socket.emit('space:presence', { spaceId, people: this.people(spaceId) });
  }

  leave(spaceId: string, socket: LiveSocket): void {
    const room = this.#rooms.get(spaceId);
    const before = this.people(spaceId).length;
    if (!room?.here.delete(socket)) return;
    this.#say(room);
    if (room.here.size === 0) {
      this.#rooms.delete(spaceId);
      room.topic.leave();
    }
    if (this.people(spaceId).length !== before) this.#tell(spaceId);
  }

  people(spaceId: string): LivePerson[] {
    const room = this.#rooms.get(spaceId);
    if (!room) return [];
    const people = [...room.here.values(), ...[...room.elsewhere.values()].flat()];
    return [...new Map(people.map((person) => [person.id, person])).values()];
  }

  #open(spaceId: string): Room {
    const elsewhere = new Map<string, LivePerson[]>();
    const room: Room = {
      here: new Map(),
      elsewhere,
      topic: this.#neighbours.join(`people:${spaceId}`, {
        met: () => this.#say(room),
        hear: (node, people) => {
          elsewhere.set(node, people as LivePerson[]);
          this.#tell(spaceId);
        },
        left: (node) => {
          if (elsewhere.delete(node)) this.#tell(spaceId);
        },
      }),
    };
    this.#rooms.set(spaceId, room);
    return room;
  }

  #say(room: Room): void {
    room.topic.say([...new Map([...room.here.values()].map((person) => [person.id, person])).values()]);
  }

  #tell(spaceId: string): void {
    const people = this.people(spaceId);
    this.#io.local.to(presenceRoom(spaceId)).emit('space:presence', { spaceId, people });
  }
}
