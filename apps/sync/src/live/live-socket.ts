import type { LiveEvents, LivePerson, LiveRequests } from '@engawa/schema';
import type { Socket } from 'socket.io';
import type { NodeEvents } from '../nodes/valkey.ts';

/** Who is at the other end of a page's connection. */
export interface SocketData {
  token: string | null;
  person: LivePerson;
}

export type LiveSocket = Socket<LiveRequests, LiveEvents, NodeEvents, SocketData>;
