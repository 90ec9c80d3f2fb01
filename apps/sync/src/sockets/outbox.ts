import type { Duplex } from 'node:stream';
import { frame, writeCorked } from './framing.ts';

/** Bytes a reader may be behind, beyond the largest message it was sent. */
const MAX_BEHIND = 8 << 20;
/** Bytes that may wait when a ping is answered. */
const ANSWERED = 1 << 16;
/** Bytes kept for a suspended connection. */
const MAX_HELD = 1 << 20;

const dirty = new Set<Outbox>();

/**
 * Everything sent within a tick leaves in one write. A tick later: what a commit brought is acked first, and broadcast by
 * Hocuspocus at the end of that tick.
 */
function flushSoon(): void {
  setImmediate(flushAll);
}

function flushAll(): void {
  for (const outbox of dirty) outbox.flush();
  dirty.clear();
}

/** What goes out on one socket, gathered per tick and bounded. */
export class Outbox {
  readonly #socket: Duplex;
  readonly #onBehind: () => void;
  #frames: Buffer[] = [];
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
    const bytes = frame(message);
    this.#frames.push(bytes);
    this.#bytes += bytes.length;
    this.#largest = Math.max(this.#largest, bytes.length);
    if (this.#held) {
      if (this.#bytes > MAX_HELD) this.#fallBehind();
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

  flush(): void {
    if (this.#held || this.#frames.length === 0) return;
    const frames = this.#frames;
    const bytes = this.#bytes;
    this.#frames = [];
    this.#bytes = 0;
    if (this.#socket.writableLength > MAX_BEHIND + this.#largest) this.#fallBehind();
    else writeCorked(this.#socket, frames, bytes);
  }

  #fallBehind(): void {
    this.#behind = true;
    this.#frames = [];
    this.#bytes = 0;
    this.#onBehind();
  }
}
