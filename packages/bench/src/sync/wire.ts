import * as encoding from 'lib0/encoding';
import { clientFrame } from './socket.ts';

/** `named`: Hocuspocus' protocol, each message opens with the document's name. `plain`: y-websocket's. */
export type Dialect = 'named' | 'plain';

/** What the generator looks at in a message it gets. */
export type Heard =
  { kind: 'state' | 'whole' | 'update'; start: number; end: number } | { kind: 'ack' | 'denied' | 'other' };

const STEPS = ['state', 'whole', 'update'] as const;

/** Reads numbers where they lie. */
export class Cursor {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  number(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.#bytes[this.at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  }

  byte(): number {
    return this.#bytes[this.at++]!;
  }

  skip(length: number): void {
    this.at += length;
  }
}

/** What a message of the server says. */
export function hear(dialect: Dialect, bytes: Buffer, start: number): Heard {
  const cursor = new Cursor(bytes, start);
  if (dialect === 'named') cursor.skip(cursor.number());
  const type = cursor.number();
  // 4 is the answer of Hocuspocus to a step 1, otherwise the same as 0.
  if (type === 0 || (type === 4 && dialect === 'named')) {
    const kind = STEPS[cursor.number()] ?? 'state';
    const length = cursor.number();
    return { kind, start: cursor.at, end: cursor.at + length };
  }
  if (dialect === 'plain') return { kind: 'other' };
  if (type === 8) return { kind: cursor.number() === 1 ? 'ack' : 'denied' };
  if (type === 2) return { kind: cursor.number() === 1 ? 'denied' : 'other' };
  return { kind: 'other' };
}

/** What a client says, framed. */
export interface Speech {
  greeting(vector: Uint8Array): Buffer[];
  /** Answers the server's question. */
  whole(update: Uint8Array): Buffer;
  update(update: Uint8Array): Buffer;
}

export function speech(dialect: Dialect, name: string): Speech {
  const message = (...parts: (number | string | Uint8Array)[]) => {
    const encoder = encoding.createEncoder();
    if (dialect === 'named') encoding.writeVarString(encoder, name);
    for (const part of parts) {
      if (typeof part === 'number') encoding.writeVarUint(encoder, part);
      else if (typeof part === 'string') encoding.writeVarString(encoder, part);
      else encoding.writeVarUint8Array(encoder, part);
    }
    return clientFrame(encoding.toUint8Array(encoder));
  };
  return {
    greeting: (vector) => [...(dialect === 'named' ? [message(2, 0, '')] : []), message(0, 0, vector)],
    whole: (update) => message(0, 1, update),
    update: (update) => message(0, 2, update),
  };
}
