import type { Sql } from '@engawa/db';
import { applyLoaded, heads, isDamaged, load, readHint, rowsAfter } from '@engawa/domain';
import type { Logger } from 'pino';
import * as Y from 'yjs';
import { whole, type OpenDocument, type OpenDocuments } from '../documents/open-documents.ts';
import { JOURNAL_ORIGIN } from '../documents/origin.ts';

/** Milliseconds between two questions for the heads: what a lost hint costs at the most. */
const ASK = 1_000;
/** Milliseconds until a journal that turned out to be damaged is read again unasked: it may be long. */
const REST = 30_000;

/** Follows the journal of every open document, and applies what this node did not write: the bus between nodes. */
export class Tail {
  readonly #sql: Sql;
  readonly #documents: OpenDocuments;
  readonly #log: Logger;
  readonly #reading = new Map<OpenDocument, Promise<void>>();
  readonly #resting = new WeakMap<OpenDocument, number>();
  #timer: NodeJS.Timeout | null = null;
  #unlisten: (() => Promise<void>) | null = null;
  #asking = false;
  /** Called when a document's last append has settled. */
  onSettled: (open: OpenDocument) => void = () => {};

  constructor(sql: Sql, documents: OpenDocuments, log: Logger) {
    this.#sql = sql;
    this.#documents = documents;
    this.#log = log;
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => void this.#askHeads(), ASK);
    const { unlisten } = await this.#sql.listen('engawa_journal', (payload) => this.#hear(payload));
    this.#unlisten = unlisten;
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#unlisten?.().catch(() => {});
  }

  /** Brings the document up to what was in the journal at that time (`performance.now()`), now if none is given. */
  async catchUp(open: OpenDocument, since = performance.now()): Promise<void> {
    while (open.readAt < since) {
      // A read that is under way may have begun before: the next one serves all who wait.
      const running = this.#reading.get(open);
      if (running) await running.catch(() => {});
      else await this.#begin(open);
    }
  }

  #begin(open: OpenDocument): Promise<void> {
    const reading = this.#read(open).finally(() => this.#reading.delete(open));
    this.#reading.set(open, reading);
    return reading;
  }

  settled(open: OpenDocument): void {
    if (open.pending === 0) this.onSettled(open);
  }

  async #read(open: OpenDocument): Promise<void> {
    const readAt = performance.now();
    try {
      await this.#readRows(open);
    } catch (error) {
      if (!isDamaged(error)) throw error;
      await this.#readAnew(open);
    }
    open.readAt = readAt;
  }

  async #readRows(open: OpenDocument): Promise<void> {
    const rows = await rowsAfter(this.#sql, open.itemId, open.generation, open.seq);
    for (const { seq, edits } of rows) {
      if (seq <= open.seq) continue;
      const lacks = open.mine.get(seq) !== 0;
      open.mine.delete(seq);
      if (lacks) {
        open.tail.rows += 1;
        for (const { update } of edits) {
          open.tail.bytes += update.byteLength;
          open.bytes += update.byteLength;
          Y.applyUpdate(whole(open), update, JOURNAL_ORIGIN);
        }
      }
      open.seq = seq;
    }
  }

  /** Rows are not there: they were merged meanwhile, and are in the newest snapshot; else this throws, too. */
  async #readAnew(open: OpenDocument): Promise<void> {
    const { seq, ...loaded } = await load(this.#sql, open.itemId, open.generation);
    applyLoaded(whole(open), loaded, JOURNAL_ORIGIN);
    for (const own of open.mine.keys()) if (own <= seq) open.mine.delete(own);
    open.seq = Math.max(open.seq, seq);
  }

  #hear(payload: string): void {
    for (const { itemId, generation, seq } of readHint(payload)) {
      const open = this.#documents.get(`${itemId}.${generation}`);
      if (open && seq > open.seq) this.#follow(open);
    }
  }

  async #askHeads(): Promise<void> {
    const idle = this.#documents.all().filter((open) => open.pending === 0);
    if (this.#asking || idle.length === 0) return;
    this.#asking = true;
    try {
      for (const { itemId, generation, seq } of await heads(this.#sql, idle)) {
        const open = this.#documents.get(`${itemId}.${generation}`);
        if (open && open.pending === 0 && seq > open.seq) this.#follow(open);
      }
    } catch {
      // The epochs notice that the database is away, and say so.
    } finally {
      this.#asking = false;
    }
  }

  #follow(open: OpenDocument): void {
    if ((this.#resting.get(open) ?? 0) > performance.now()) return;
    this.catchUp(open).catch((error) => {
      if (isDamaged(error)) this.#resting.set(open, performance.now() + REST);
      this.#log.warn({ err: error, item: open.itemId }, 'could not read the journal');
    });
  }
}
