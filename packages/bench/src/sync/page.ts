import { editAt, FIRST, opening, readEdit, type Edited } from './edits.ts';
import { RawSocket, type Address } from './socket.ts';
import { hear, speech, type Dialect, type Speech } from './wire.ts';
import * as Y from 'yjs';

const NOTHING = Y.encodeStateAsUpdate(new Y.Doc());
const EMPTY = Y.encodeStateVector(new Y.Doc());

/** Where a document is, at one of those compared. */
export interface Place extends Address {
  dialect: Dialect;
  /** Of the people who may open it. */
  cookies?: string[];
  /** The document's name in messages. */
  name: string;
  edited: Edited;
  /** Relays answer nothing: there, a page is ready when its socket is open. */
  answers: boolean;
}

/** Somebody who types; `sentAt` holds the milliseconds of each edit from the first. */
export interface Writer {
  readonly clientId: number;
  readonly page: Page;
  readonly sentAt: number[];
  /** Edits before this one were only for warming up. */
  counted: number;
}

/** Called for the edits that a page gets: whose, from which one on, how many at once. */
export type OnEdits = (writer: number, first: number, count: number, page: Page) => void;

function addressFor(place: Place, who: number): Address {
  const cookie = place.cookies?.[who % place.cookies.length];
  return cookie === undefined ? place : { ...place, headers: { ...place.headers, cookie } };
}

/** One open page of one document, without a document behind it. */
export class Page {
  readonly whenReady: Promise<void>;
  readonly place: Place;
  /** Bytes of the document as it was handed out, and when they were all there. */
  whole: Uint8Array | null = null;
  /** The next edit expected of each writer. */
  readonly next = new Map<number, number>();
  acks = 0;
  denied = 0;
  onAck: () => void = () => {};
  readonly #socket: RawSocket;
  readonly #speech: Speech;
  readonly #heard: OnEdits;
  #ready!: () => void;
  #fail!: (error: Error) => void;
  #toldWhole = false;

  /** `who`: the number of the person who opens it. */
  constructor(place: Place, heard: OnEdits = () => {}, who = 0) {
    this.place = place;
    this.#heard = heard;
    this.#speech = speech(place.dialect, place.name);
    this.whenReady = new Promise((done, fail) => {
      this.#ready = done;
      this.#fail = fail;
    });
    this.whenReady.catch(() => {});
    this.#socket = new RawSocket(addressFor(place, who), (bytes, start) => this.#receive(bytes, start));
    this.#socket.opened.then(
      () => {
        for (const frame of this.#speech.greeting(EMPTY)) this.#socket.send(frame);
        if (!place.answers) this.#ready();
      },
      (error: Error) => this.#fail(error),
    );
  }

  /** Why the socket is closed; null while it is open. */
  get closed(): string | null {
    return this.#socket.closed;
  }

  open(clientId: number): void {
    this.#socket.send(this.#speech.update(opening(this.place.edited, clientId)));
  }

  /** Sends the writer's next edit. */
  type(writer: Writer): void {
    const frame = this.#speech.update(
      editAt(this.place.edited, writer.clientId, FIRST + writer.sentAt.length),
    );
    writer.sentAt.push(performance.now());
    this.#socket.send(frame);
  }

  send(update: Uint8Array): void {
    this.#socket.send(this.#speech.update(update));
  }

  close(): void {
    this.#socket.close();
    this.#fail(new Error('closed'));
  }

  #receive(bytes: Buffer, start: number): void {
    const heard = hear(this.place.dialect, bytes, start);
    switch (heard.kind) {
      case 'update':
        this.#edits(bytes, heard.start, heard.end);
        break;
      case 'ack':
        this.acks += 1;
        this.onAck();
        break;
      case 'denied':
        this.denied += 1;
        break;
      case 'state':
        if (!this.place.answers || this.#toldWhole) break;
        this.#toldWhole = true;
        this.#socket.send(this.#speech.whole(NOTHING));
        this.#readyWhenBoth();
        break;
      case 'whole':
        if (!this.place.answers) break;
        this.whole ??= bytes.subarray(heard.start, heard.end);
        this.#readyWhenBoth();
    }
  }

  #readyWhenBoth(): void {
    if (this.whole && this.#toldWhole) this.#ready();
  }

  #edits(bytes: Buffer, start: number, end: number): void {
    const one = readEdit(bytes, start);
    if (one) return this.#heard(one.clientId, one.clock - FIRST, one.count, this);
    for (const struct of Y.decodeUpdate(bytes.subarray(start, end)).structs) {
      const { client, clock } = struct.id;
      const skipped = Math.max(0, FIRST - clock);
      if (struct.length > skipped) {
        this.#heard(client, clock + skipped - FIRST, struct.length - skipped, this);
      }
    }
  }
}
