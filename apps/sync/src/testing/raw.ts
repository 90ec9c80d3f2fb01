import { documentName, syncPath } from '@engawa/schema';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { until } from './client.ts';

export interface RawOptions {
  url: string;
  itemId: string;
  generation?: number;
  token?: string | null;
  origin?: string | null;
  path?: string;
}

/** A program at the other end that is no page: says what it likes, and never closes by itself. */
export interface Raw {
  readonly ws: WebSocket;
  readonly received: Uint8Array[];
  /** Set when the socket has gone, with the code that the server named. */
  readonly closed: { code: number; reason: string } | null;
  send(...parts: (number | string | Uint8Array)[]): void;
  /** Sends the greeting that pages send, and answers the server's question as one that knows nothing. */
  greet(): void;
  update(update: Uint8Array, step?: 1 | 2): void;
  whenClosed(ms?: number): Promise<{ code: number; reason: string }>;
  whenOpen(): Promise<void>;
}

export function openRaw(options: RawOptions): Raw {
  const { url, itemId, generation = 1, token, origin = 'http://localhost:3000' } = options;
  const headers: Record<string, string> = {};
  if (origin !== null) headers['origin'] = origin;
  if (token) headers['cookie'] = `other=1; engawa_session=${token}`;
  const ws = new WebSocket(`${url}${options.path ?? syncPath(itemId, generation)}`, { headers });
  const name = documentName(itemId, generation);
  const received: Uint8Array[] = [];
  const state: { closed: Raw['closed'] } = { closed: null };
  ws.binaryType = 'nodebuffer';
  ws.on('message', (data: Buffer) => received.push(new Uint8Array(data)));
  let answered = false;
  ws.on('message', () => {
    // Authenticated, step 2, step 1: the server asks last.
    if (answered || received.length < 3) return;
    answered = true;
    raw.send(name, 0, 1, Y.encodeStateAsUpdate(new Y.Doc()));
  });
  ws.on('close', (code, reason) => (state.closed ??= { code, reason: reason.toString() }));
  ws.on(
    'unexpected-response',
    (_request, response) => (state.closed = { code: response.statusCode ?? 0, reason: 'http' }),
  );
  ws.on('error', () => {});
  const raw: Raw = {
    ws,
    received,
    get closed() {
      return state.closed;
    },
    send: (...parts) => ws.send(frameOf(parts)),
    greet() {
      raw.send(name, 2, 0, 'cookie');
      raw.send(name, 0, 0, Y.encodeStateVector(new Y.Doc()));
    },
    update: (update, step = 2) => raw.send(name, 0, step, update),
    async whenClosed(ms = 3_000) {
      await until(
        () => state.closed,
        ms,
        () => 'still open',
      );
      return state.closed!;
    },
    whenOpen: () => until(() => ws.readyState === WebSocket.OPEN || state.closed),
  };
  return raw;
}

/** Numbers as varints, texts and bytes with their length before them. */
export function frameOf(parts: (number | string | Uint8Array)[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const part of parts) {
    if (typeof part === 'number') encoding.writeVarUint(encoder, part);
    else if (typeof part === 'string') encoding.writeVarString(encoder, part);
    else encoding.writeVarUint8Array(encoder, part);
  }
  return encoding.toUint8Array(encoder);
}
