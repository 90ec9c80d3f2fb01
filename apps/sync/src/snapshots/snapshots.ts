import type { Sql } from '@engawa/db';
import { Merger, mergeTail } from '@engawa/domain';
import type { Logger } from 'pino';
import type { OpenDocument, OpenDocuments } from '../documents/open-documents.ts';

/** How long the tail of an open document may grow before it is merged. */
const OPEN = { rows: 300, bytes: 1 << 19 };
/** The same for a document that nobody has open any more: the next to open it should wait for little. */
const CLOSED = { rows: 20, bytes: 1 << 16 };
/** Milliseconds between two looks at the open documents. */
const LOOK = 2_000;

/**
 * Merges journals into snapshots in the background. They are made of what is durable, never of what is in memory, and
 * nothing depends on them: a crash at any point leaves the older one and the rows after it.
 */
export class Snapshots {
  readonly #sql: Sql;
  readonly #documents: OpenDocuments;
  readonly #log: Logger;
  readonly #merger = new Merger();
  readonly #queue = new Map<string, { itemId: string; generation: number }>();
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(sql: Sql, documents: OpenDocuments, log: Logger) {
    this.#sql = sql;
    this.#documents = documents;
    this.#log = log;
  }

  start(): void {
    this.#timer = setInterval(() => {
      for (const open of this.#documents.all()) if (exceeds(open, OPEN)) this.#enqueue(open);
    }, LOOK);
  }

  /** The document was unloaded. */
  closed(open: OpenDocument): void {
    if (exceeds(open, CLOSED)) this.#enqueue(open);
  }

  /** Resolves when no merge is waiting or running. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearInterval(this.#timer);
    this.#queue.clear();
    await this.#merger.stop();
    await this.idle();
  }

  #enqueue(open: OpenDocument): void {
    if (this.#stopped) return;
    open.tail = { rows: 0, bytes: 0 };
    this.#queue.set(open.document.name, { itemId: open.itemId, generation: open.generation });
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    for (let next = first(this.#queue); next; next = first(this.#queue)) {
      this.#queue.delete(next[0]);
      try {
        await mergeTail(this.#sql, this.#merger, next[1]);
      } catch (error) {
        // Nothing is lost: the rows are there, and the next look or unload tries again.
        if (!this.#stopped)
          this.#log.warn({ err: error, item: next[1].itemId }, 'a snapshot could not be made');
      }
    }
    this.#running = null;
  }
}

function exceeds({ tail }: OpenDocument, limit: OpenDocument['tail']): boolean {
  return tail.rows >= limit.rows || tail.bytes >= limit.bytes;
}

function first<K, V>(map: Map<K, V>): [K, V] | undefined {
  return map.entries().next().value;
}
