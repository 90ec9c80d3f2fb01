import type { Duplex } from 'node:stream';
import { frame, writeCorked } from './framing.ts';

/** Bytes a reader may be behind, beyond the largest message it was sent. */
const MAX_BEHIND = 8 << 20;
/** Bytes that count as behind, and how many all readers together may be: beyond, such a one is not waited for. */
const LATE = 1 << 20;
const MAX_ALL_BEHIND = 256 << 20;
/** Bytes that may wait when a ping is answered. */
const ANSWERED = 1 << 16;
/** Bytes kept for a suspended connection, beyond the largest message: it may just be opening a large item. */
const MAX_HELD = 1 << 20;

let dirty = new Set<Outbox>();
/** Those that were late when they were last looked at. */
const late = new Set<Outbox>();

/**
 * Everything sent within a tick leaves in one write. A tick later: what a commit brought is acked first, and broadcast by
 * Hocuspocus at the end of that tick.
 */
function flushSoon(): void {
  setImmediate(flushAll);
}

function flushAll(): void {
  const due = dirty;
  dirty = new Set();
  for (const outbox of due) outbox.flush();
}

/** What goes out on one socket, gathered per tick and bounded. */
export class Outbox {
  readonly #socket: Duplex;
  readonly #onBehind: () => void;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #largest = 0;
  #held = false;
  #behind = false;

  constructor(socket: Duplex, onBehind: () => void) {
    this.#socket = socket;
    this.#onBehind = onBehind;
  }

  push(message: Uint8Array): void {
    if (this.#behind) return;
    for (const piece of frame(message)) {
      this.#pieces.push(piece);
      this.#bytes += piece.length;
      this.#largest = Math.max(this.#largest, piece.length);
    }
    if (this.#held) {
      if (this.#bytes - this.#largest > MAX_HELD) this.#fallBehind();
      return;
    }
    if (dirty.size === 0) setImmediate(flushSoon);
    dirty.add(this);
  }

  /** The other side takes little of what it is sent. */
  get waits(): boolean {
    return this.#socket.writableLength > ANSWERED;
  }

  /** Keeps what is pushed from now on until `release`. */
  hold(): void {
    this.flush();
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.flush();
  }

  /** Forgets what was kept. */
  drop(): void {
    this.#held = false;
    this.#pieces = [];
    this.#bytes = 0;
  }

  flush(): void {
    if (this.#held || this.#pieces.length === 0) return;
    const pieces = this.#pieces;
    const bytes = this.#bytes;
    this.#pieces = [];
    this.#bytes = 0;
    if (this.#isTooLate()) this.#fallBehind();
    else writeCorked(this.#socket, pieces, bytes);
  }

  /** Bytes that the reader has not taken, beyond the largest message it was sent. */
  get #waiting(): number {
    return this.#socket.destroyed ? 0 : this.#socket.writableLength - this.#largest;
  }

  #isTooLate(): boolean {
    const waiting = this.#waiting;
    if (waiting <= LATE) {
      late.delete(this);
      return false;
    }
    late.add(this);
    return waiting > MAX_BEHIND || Outbox.#areTooLate();
  }

  /** Asked only when there are so many that they could be. */
  static #areTooLate(): boolean {
    if (late.size * MAX_BEHIND <= MAX_ALL_BEHIND) return false;
    let sum = 0;
    for (const one of late) {
      const waiting = one.#waiting;
      if (waiting <= LATE) late.delete(one);
      else sum += waiting;
    }
    return sum > MAX_ALL_BEHIND;
  }

  #fallBehind(): void {
    this.#behind = true;
    late.delete(this);
    this.#pieces = [];
    this.#bytes = 0;
    this.#onBehind();
  }
}
