import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** Where a socket goes. */
export interface Address {
  port: number;
  path: string;
  headers?: Record<string, string>;
}

/** A message lies in `bytes` from `start` to `end`. */
export type OnMessage = (bytes: Buffer, start: number, end: number) => void;

/**
 * A WebSocket client that costs next to nothing, so that one process can be hundreds of pages: it copies no message,
 * and masks with zeros, which the protocol allows.
 */
export class RawSocket {
  readonly opened: Promise<void>;
  closed: string | null = null;
  readonly #socket: Socket;
  readonly #onMessage: OnMessage;
  #upgraded = false;
  #head: Buffer[] = [];
  /** A message that has begun, how much of it is there, and how long it (or its header) will be. */
  #begun: Buffer = Buffer.alloc(0);
  #filled = 0;
  #wanted = 0;

  constructor({ port, path, headers = {} }: Address, onMessage: OnMessage) {
    this.#onMessage = onMessage;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const lines = [
      `GET ${path} HTTP/1.1`,
      'Host: localhost',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    this.opened = new Promise((done, fail) => {
      this.#socket.on('data', (chunk: Buffer) => {
        if (this.#upgraded) return this.#read(chunk);
        this.#answer(chunk, done, fail);
      });
      this.#socket.on('error', (error) => this.#end(error.message));
      this.#socket.on('close', () => {
        this.#end('closed');
        fail(new Error(`The socket was closed before it opened: ${this.closed}`));
      });
    });
    this.opened.catch(() => {});
  }

  send(frame: Buffer): void {
    if (this.closed === null) this.#socket.write(frame);
  }

  close(): void {
    this.#end('by us');
    this.#socket.destroy();
  }

  #end(why: string): void {
    this.closed ??= why;
  }

  #answer(chunk: Buffer, done: () => void, fail: (error: Error) => void): void {
    this.#head.push(chunk);
    const head = Buffer.concat(this.#head);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    this.#head = [];
    const status = head.toString('latin1', 0, head.indexOf('\r\n'));
    if (!status.includes(' 101 ')) return fail(new Error(`No upgrade: ${status}`));
    this.#upgraded = true;
    done();
    if (end + 4 < head.length) this.#read(head.subarray(end + 4));
  }

  #read(chunk: Buffer): void {
    if (this.#filled === 0) return this.#begin(chunk);
    const taken = chunk.copy(this.#begun, this.#filled);
    this.#filled += taken;
    if (this.#filled < this.#begun.length) return;
    this.#begin(this.#begun);
    if (taken < chunk.length) this.#read(chunk.subarray(taken));
  }

  /** Reads what is whole. A large message arrives in many chunks: each is put where it belongs as it comes. */
  #begin(bytes: Buffer): void {
    const at = this.#readFrames(bytes);
    this.#filled = bytes.length - at;
    if (this.#filled === 0) return;
    this.#begun = Buffer.allocUnsafe(this.#wanted);
    bytes.copy(this.#begun, 0, at);
  }

  #readFrames(bytes: Buffer): number {
    let at = 0;
    for (;;) {
      const left = bytes.length - at;
      this.#wanted = 2;
      if (left < 2) return at;
      const short = bytes[at + 1]! & 127;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      this.#wanted = head;
      if (left < head) return at;
      const length =
        short < 126
          ? short
          : short === 126
            ? bytes.readUInt16BE(at + 2)
            : Number(bytes.readBigUInt64BE(at + 2));
      this.#wanted = head + length;
      if (left < this.#wanted) return at;
      const start = at + head;
      at = start + length;
      this.#take(bytes[start - head]! & 15, bytes, start, at);
    }
  }

  #take(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === 2) this.#onMessage(bytes, start, end);
    else if (opcode === 9) this.send(clientFrame(bytes.subarray(start, end), 0x8a));
    else if (opcode === 8) this.#end(`${bytes.toString('utf8', start + 2, end)} (closed by the server)`);
  }
}

/** A message as a client sends it. */
export function clientFrame(payload: Uint8Array, first = 0x82): Buffer {
  const { length } = payload;
  const head = length < 126 ? 6 : length < 65_536 ? 8 : 14;
  const frame = Buffer.alloc(head + length);
  frame[0] = first;
  if (length < 126) frame[1] = 0x80 | length;
  else if (length < 65_536) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(payload, head);
  return frame;
}
