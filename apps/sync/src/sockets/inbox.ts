/** Bytes that may wait for the journal before a socket is no longer read. */
const MOST_EACH = 2 << 20;
/** The same over all sockets: beyond, nobody sends more before what they sent has been dealt with. */
const MOST_ALL = 64 << 20;

let all = 0;

/** What was read from one socket, and may still wait. */
export class Inbox {
  #bytes = 0;

  /** Whether it is too much now. */
  add(bytes: number): boolean {
    this.#bytes += bytes;
    all += bytes;
    return this.#bytes > MOST_EACH || all > MOST_ALL;
  }

  clear(): void {
    all -= this.#bytes;
    this.#bytes = 0;
  }
}
