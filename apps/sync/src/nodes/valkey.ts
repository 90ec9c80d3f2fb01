import { createAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Server } from 'socket.io';
import type { Carrier, NodeMessage } from './neighbours.ts';

/** Entries that the stream of broadcasts keeps; nobody reads back further than a node's short absence. */
const STREAM = 2_000;
/** Milliseconds that one read waits for news; also how long a stop may take. */
const BLOCK = 1_000;

/** The event of socket.io servers among themselves. */
export interface NodeEvents {
  node: (message: NodeMessage) => void;
}

export interface Valkey {
  carrier: Carrier;
  stop(): void;
}

/**
 * Joins this socket.io server with those of the other nodes, over Valkey (or Redis). What cannot be sent because it
 * is away is dropped: carets and presence are worth nothing later, and documents never go this way.
 * `back` is called whenever the connection stands again.
 */
export function joinByValkey(
  io: Server<never, never, NodeEvents>,
  url: string,
  back: () => void,
  log: Logger,
): Valkey {
  const client = new Redis(url.replace(/^valkey/, 'redis'), {
    connectionName: 'engawa',
    // Nothing is ever refused for being late, so that no promise of the adapter's fails unheard.
    maxRetriesPerRequest: null,
    retryStrategy: (tries) => Math.min(100 * 2 ** tries, 2_000),
  });
  let away = false;
  client.on('error', (err) => {
    if (!away) log.warn({ err }, 'Valkey does not answer: carets and presence stay on their node');
    away = true;
  });
  client.on('ready', () => {
    if (away) log.info('Valkey answers again');
    away = false;
    back();
  });
  io.adapter(
    createAdapter(dropping(client), {
      streamName: 'engawa:live',
      channelPrefix: 'engawa',
      maxLen: STREAM,
      blockTimeInMs: BLOCK,
    }),
  );
  return {
    carrier: {
      send: (message) => void io.serverSideEmit('node', message),
      hear: (listener) => void io.on('node', listener),
    },
    stop() {
      void io.of('/').adapter.close();
      client.disconnect();
    },
  };
}

/** The same client, which sends now or not at all. */
function dropping(client: Redis): Redis {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'publish' && name !== 'xadd') return value.bind(target);
      return (...args: unknown[]) =>
        target.status === 'ready'
          ? (value.apply(target, args) as Promise<unknown>).catch(() => null)
          : Promise.resolve(null);
    },
  });
}
