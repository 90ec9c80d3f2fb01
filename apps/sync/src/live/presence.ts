import type { LivePerson } from '@engawa/schema';
import type { Server } from 'socket.io';
import type { LiveSocket } from './watching.ts';

/** The room of those who may see who else is in the space. */
export function presenceRoom(spaceId: string): string {
  return `${spaceId}:people`;
}

/** Who has a space open on this node, each person once however many pages they have. */
export class Presence {
  readonly #io: Server;
  readonly #bySpace = new Map<string, Map<LiveSocket, LivePerson>>();

  constructor(io: Server) {
    this.#io = io;
  }

  enter(spaceId: string, socket: LiveSocket): void {
    const before = this.people(spaceId).length;
    const inside = this.#bySpace.get(spaceId) ?? new Map<LiveSocket, LivePerson>();
    this.#bySpace.set(spaceId, inside.set(socket, socket.data.person));
    if (this.people(spaceId).length !== before) this.#tell(spaceId);
    else if (socket.rooms.has(presenceRoom(spaceId)))
      socket.emit('space:presence', { spaceId, people: this.people(spaceId) });
  }

  leave(spaceId: string, socket: LiveSocket): void {
    const inside = this.#bySpace.get(spaceId);
    const before = this.people(spaceId).length;
    if (!inside?.delete(socket)) return;
    if (inside.size === 0) this.#bySpace.delete(spaceId);
    if (this.people(spaceId).length !== before) this.#tell(spaceId);
  }

  people(spaceId: string): LivePerson[] {
    const people = this.#bySpace.get(spaceId)?.values() ?? [];
    return [...new Map([...people].map((person) => [person.id, person])).values()];
  }

  #tell(spaceId: string): void {
    this.#io.to(presenceRoom(spaceId)).emit('space:presence', { spaceId, people: this.people(spaceId) });
  }
}
