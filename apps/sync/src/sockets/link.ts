import type { Duplex } from 'node:stream';
import type { Connection, Hocuspocus, WebSocketLike } from '@hocuspocus/server';
import { OutgoingMessage } from '@hocuspocus/server';
import { documentName, MAX_FRAME, SYNC_CLOSE, type SyncEnd, type SyncNotice } from '@engawa/schema';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import {
  type AwarenessEntry,
  type Frame,
  type IncomingUpdate,
  MalformedFrame,
  readFrame,
  weightOf,
} from './frames.ts';
import { hasNothing } from '../documents/stored.ts';
import type { Identity } from '../access/identify.ts';
import { countEnd } from '../metrics.ts';
import { Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';
import { createPace } from './pace.ts';

/** Frames and bytes before the person is known. */
const MAX_EARLY_FRAMES = 200;
const MAX_EARLY_BYTES = 1 << 20;
/** Frames before step 2 that are acked with it: none of them is looked at. */
const MAX_SKIPPED = 10_000;
/** Bytes that frames count for which make the server do more than they weigh. */
const COSTS: Partial<Record<Frame['kind'], number>> = {
  /** Answered with the whole item. */
  state: 4 << 20,
  /** Passed on to everybody who has the item open: for some seconds as fast as a hand moves, then sixty a second. */
  awareness: 64 << 10,
};
/** Updates of one connection that share a row. */
const MAX_TOGETHER = { count: 1_000, bytes: 1 << 20 };
/** Milliseconds a socket has to answer a close, before it is cut. */
const GRACE = 400;

type ClientConnection = ReturnType<Hocuspocus['handleConnection']>;

/** What an open document does for its links, beside Hocuspocus. */
export interface Desk {
  /** Decides about updates, in their order, and acks them; ends the link when it may not go on. */
  take(link: Link, updates: IncomingUpdate[]): Promise<void>;
  /** Answers a page that has nothing with stored bytes; false when there are none. */
  answer(link: Link): Promise<boolean>;
}

/** One open socket, for one item and generation: the WebSocket that Hocuspocus sees, and all we know about it. */
export class Link implements WebSocketLike {
  readonly itemId: string;
  readonly generation: number;
  readonly name: string;
  /** The session token of the upgrade request's cookie. */
  readonly token: string | null;
  readonly log: Logger;
  /** Awareness in the order of its frames; Hocuspocus asks about each in the same order. */
  readonly awareness: AwarenessEntry[][] = [];
  /** Set once the person is known; kept up to date by the epochs. */
  identity: Identity | null = null;
  /** Set once the document is open. */
  connection: Connection | null = null;
  /** The client id of this page's awareness, claimed by its first state. */
  awarenessId: number | null = null;
  ended: SyncEnd | 'closed' | null = null;
  suspended = false;

  /** When it came, by `performance.now()`. */
  readonly since = performance.now();

  readonly #ws: WebSocket;
  readonly #outbox: Outbox;
  readonly #pace = createPace();
  #client: ClientConnection | null = null;
  #greeted = false;
  #whole = false;
  #skipped = 0;
  #early = { frames: 0, bytes: 0 };
  /** Updates that wait for those before them to be durable, and what came behind them. */
  #updates: IncomingUpdate[] = [];
  #behind: Uint8Array[] = [];
  #desk: Desk | null = null;
  #asked = false;
  #taking: Promise<void> | null = null;
  #saved: Uint8Array | null = null;
  readonly #inbox = new Inbox();
  #full = false;
  #resting: NodeJS.Timeout | null = null;
  readonly #settled = Promise.withResolvers<void>();

  constructor(
    ws: WebSocket,
    socket: Duplex,
    at: { itemId: string; generation: number; token: string | null },
    log: Logger,
  ) {
    this.#ws = ws;
    this.itemId = at.itemId;
    this.generation = at.generation;
    this.name = documentName(at.itemId, at.generation);
    this.token = at.token;
    this.log = log.child({ item: at.itemId });
    this.#outbox = new Outbox(socket, () => this.#cut());
  }

  /** Begins to read; Hocuspocus handles what passes. */
  attach(client: ClientConnection, onClosed: () => void): void {
    this.#client = client;
    this.#ws.on('message', (data, binary) => this.#receive(data as Buffer, binary));
    this.#ws.on('ping', (data) => this.#pong(data));
    this.#ws.on('error', (error: Error & { code?: string }) => {
      const large = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
      this.end(large ? 'tooLarge' : 'malformed', error.message);
    });
    this.#ws.on('close', (code, reason) => {
      this.ended ??= 'closed';
      this.#settled.resolve();
      this.#inbox.clear();
      client.handleClose({ code, reason: reason.toString() });
      onClosed();
    });
  }

  /** Whether the person may write now. */
  get mayWrite(): boolean {
    return this.ended === null && this.identity?.readOnly === false;
  }

  get readyState(): number {
    return this.ended ? 2 : this.#ws.readyState;
  }

  send(message: Uint8Array): void {
    if (!this.ended) this.#outbox.push(message);
  }

  /** Hocuspocus closes a socket for its own time-outs and limits only. */
  close(_code?: number, reason?: string): void {
    this.end('behind', reason);
  }

  /** The document is open. */
  opened(connection: Connection, desk: Desk): void {
    this.connection = connection;
    this.#desk = desk;
    this.#settled.resolve();
  }

  /** Resolves when the handshake is over, well or badly. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  notify(notice: SyncNotice): void {
    this.send(new OutgoingMessage(this.name).writeStateless(JSON.stringify(notice)).toUint8Array());
  }

  /** Ends the connection: says why, closes, and cuts the socket when the other side does not follow. */
  end(end: SyncEnd, detail?: string): void {
    if (this.ended) return;
    // What came while nobody could be asked about access is only for who may go on.
    if (this.suspended) this.#outbox.drop();
    // What kept us from serving is for the log: it may say how the house is built.
    this.notify({ kind: 'closing', end, detail: end === 'unavailable' ? undefined : detail });
    this.#outbox.flush();
    // Who is behind would get it after everything else, if ever, and has been cut off by now.
    if (this.ended) return;
    this.#finish(end, detail);
    this.#shut(SYNC_CLOSE[end].code, SYNC_CLOSE[end].reason);
  }

  #cut(): void {
    if (this.ended) return;
    this.#finish('behind', 'reads too slowly');
    this.#ws.terminate();
  }

  #finish(end: SyncEnd, detail?: string): void {
    this.ended = end;
    countEnd(end);
    this.log.info({ end, detail, person: this.identity?.person.id }, 'sync connection ended');
    this.#settled.resolve();
    this.#client?.handleClose(SYNC_CLOSE[end]);
  }

  #shut(code: number, reason?: string): void {
    this.#ws.resume();
    this.#ws.close(code, reason);
    setTimeout(() => this.#ws.terminate(), GRACE).unref();
  }

  /** The database cannot be asked: nothing goes out, nothing is read. */
  suspend(): void {
    if (this.suspended || this.ended) return;
    this.suspended = true;
    this.notify({ kind: 'suspended' });
    this.#outbox.hold();
    this.#ws.pause();
  }

  resume(): void {
    if (!this.suspended || this.ended) return;
    this.suspended = false;
    this.#outbox.release();
    this.notify({ kind: 'resumed' });
    this.#read();
  }

  #receive(data: Buffer, binary: boolean): void {
    if (this.ended) return;
    if (!binary) return this.end('malformed', 'text message');
    if (data.byteLength > MAX_FRAME) return this.end('tooLarge');
    try {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const frame = readFrame(bytes, this.name, { open: this.connection !== null, whole: this.#whole });
      if (frame.kind === 'state' && this.#resting) return this.end('tooMany', 'asks again and again');
      const weight = weightOf(frame, bytes.byteLength);
      this.#slow(COSTS[frame.kind] ?? weight);
      if (this.#accept(frame, bytes.byteLength)) this.#hand(frame, bytes, weight);
    } catch (error) {
      if (!(error instanceof MalformedFrame)) throw error;
      this.end('malformed', error.message);
    }
  }

  /** Whether the frame is handled any further. */
  #accept(frame: Frame, size: number): boolean {
    if (!this.identity && !this.#acceptEarly(size)) return false;
    if (frame.kind === 'auth') {
      if (this.#greeted) throw new MalformedFrame('a second greeting');
      this.#greeted = true;
    } else if (!this.#greeted) throw new MalformedFrame('no greeting');
    if (frame.kind === 'goodbye') {
      this.ended = 'closed';
      this.#client?.handleClose({ code: 1000, reason: 'goodbye' });
      this.#shut(1000);
      return false;
    }
    if (frame.kind === 'early') return this.#skip();
    if (frame.kind === 'update') this.#whole = true;
    if (frame.kind === 'awareness') this.awareness.push(frame.entries);
    return true;
  }

  /**
   * A change that arrives before the page's step 2 is in that step 2, and may stand on edits of the page that died
   * with another node: it is left out, and acked when step 2 is durable.
   */
  #skip(): false {
    this.#skipped += 1;
    if (this.#skipped > MAX_SKIPPED) this.end('tooMany', 'too much before step 2');
    return false;
  }

  /** Says of the next updates whether they are durable; with the first, the changes that came before step 2 are. */
  ack(saved: boolean, count = 1): void {
    if (!saved) return this.send(statusOf(this.name, false));
    this.#saved ??= statusOf(this.name, true);
    for (let left = count + this.#skipped; left > 0; left -= 1) this.send(this.#saved);
    this.#skipped = 0;
  }

  #acceptEarly(size: number): boolean {
    this.#early.frames += 1;
    this.#early.bytes += size;
    if (this.#early.frames <= MAX_EARLY_FRAMES && this.#early.bytes <= MAX_EARLY_BYTES) return true;
    this.end('tooMany', 'too much before the person was known');
    return false;
  }

  /** Edits go our way, and so does the first question of a page that has nothing; everything else to Hocuspocus. */
  #hand(frame: Frame, bytes: Uint8Array, weight: number): void {
    if (frame.kind === 'update') {
      // Hocuspocus cuts whom it has not heard for a while.
      this.#client!.lastMessageReceivedAt = Date.now();
      this.#updates.push(frame);
      this.#taking ??= this.#takeAll();
    } else if (this.#taking) this.#behind.push(bytes);
    else if (frame.kind === 'state' && !this.#asked && hasNothing(frame.vector)) void this.#answer(bytes);
    else this.#client?.handleMessage(bytes);
    if (this.#inbox.add(weight)) this.#relieve();
  }

  /** What waits while others are written shares the next commit: an hour offline is a few commits, not thousands. */
  async #takeAll(): Promise<void> {
    while (this.#updates.length > 0) {
      // A caret may point into text that came before it.
      const behind = this.#behind.splice(0);
      await this.#desk!.take(this, this.#updates.splice(0, together(this.#updates)));
      this.#handBehind(behind);
    }
    this.#taking = null;
    this.#handBehind(this.#behind.splice(0));
  }

  async #answer(question: Uint8Array): Promise<void> {
    this.#asked = true;
    await this.settled;
    if (this.ended || (await this.#desk!.answer(this))) return;
    this.#handBehind([question]);
  }

  #handBehind(frames: Uint8Array[]): void {
    for (const bytes of frames) if (!this.ended) this.#client?.handleMessage(bytes);
  }

  /** Back-pressure: while much waits for the journal, the socket is not read. */
  #relieve(): void {
    if (this.#full) return;
    this.#full = true;
    this.#ws.pause();
    void this.#handled().then(() => {
      this.#full = false;
      this.#inbox.clear();
      this.#read();
    });
  }

  /** Resolves when everything that was read has been dealt with. */
  async #handled(): Promise<void> {
    await this.settled;
    while (this.#taking) await this.#taking;
    await this.connection?.waitForPendingMessages();
  }

  /** Who asks without reading the answers is not answered. */
  #pong(data: Buffer): void {
    if (this.ended) return;
    this.#slow(data.byteLength);
    if (!this.#outbox.waits) this.#ws.pong(data);
  }

  /** Who sends too fast is read more slowly. */
  #slow(bytes: number): void {
    const ms = this.#pace(bytes);
    if (ms <= 0) return;
    this.#ws.pause();
    // What had been received with it is handed out all the same, and makes the rest longer.
    if (this.#resting) clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      this.#resting = null;
      this.#read();
    }, ms).unref();
  }

  /** Reads on, unless one of the reasons not to still stands. */
  #read(): void {
    if (!this.suspended && !this.#full && !this.#resting) this.#ws.resume();
  }
}

function statusOf(name: string, saved: boolean): Uint8Array {
  return new OutgoingMessage(name).writeSyncStatus(saved).toUint8Array();
}

/** How many of the waiting updates one row takes. */
function together(waiting: IncomingUpdate[]): number {
  let bytes = waiting[0]!.update.byteLength;
  let count = 1;
  while (count < waiting.length && count < MAX_TOGETHER.count) {
    bytes += waiting[count]!.update.byteLength;
    if (bytes > MAX_TOGETHER.bytes) break;
    count += 1;
  }
  return count;
}
