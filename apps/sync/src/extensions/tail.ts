import type { Sql } from '@engawa/db';
import { heads, readHint, rowsAfter } from '@engawa/domain';
import type { LocalTransactionOrigin } from '@hocuspocus/server';
import type { Logger } from 'pino';
import * as Y from 'yjs';
import type { OpenDocument, OpenDocuments } from '../documents/open-documents.ts';

/** Marks what came out of the journal rather than from a connection. */
export const JOURNAL_ORIGIN: LocalTransactionOrigin = { source: 'local', skipStoreHooks: true };

/** Milliseconds between two questions for the heads: what a lost hint costs at the most. */
const ASK = 1_000;

/** Follows the journal of every open document, and applies what this node did not write: the bus between nodes. */
export class Tail {
  readonly #sql: Sql;
  readonly #documents: OpenDocuments;
  readonly #log: Logger;
  readonly #catching = new Map<OpenDocument, Promise<void>>();
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

  /** Brings the document up to what is in the journal now. */
  catchUp(open: OpenDocument): Promise<void> {
    const running = this.#catching.get(open);
    // A read that is under way may have begun before the row that is wanted: another follows it.
    const next = (running ?? Promise.resolve()).catch(() => {}).then(() => this.#read(open));
    const done = next.finally(() => {
      if (this.#catching.get(open) === done) this.#catching.delete(open);
    });
    this.#catching.set(open, done);
    return done;
  }

  settled(open: OpenDocument): void {
    if (open.pending === 0) this.onSettled(open);
  }

  async #read(open: OpenDocument): Promise<void> {
    const rows = await rowsAfter(this.#sql, open.itemId, open.generation, open.seq);
    for (const { seq, edits } of rows) {
      if (seq <= open.seq) continue;
      if (!open.mine.delete(seq)) {
        open.tail.rows += 1;
        for (const { update } of edits) {
          open.tail.bytes += update.byteLength;
          Y.applyUpdate(open.document, update, JOURNAL_ORIGIN);
        }
      }
      open.seq = seq;
    }
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
    this.catchUp(open).catch((error) =>
      this.#log.warn({ err: error, item: open.itemId }, 'could not read the journal'),
    );
  }
}
