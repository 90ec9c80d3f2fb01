import type { Sql } from '@engawa/db';
import { EngawaError, Gone, TooMany } from '@engawa/schema';
import { noteEdit } from './edited.ts';
import { createHintSender, type HintSender } from './hints.ts';
import { createHeads, presentItems, writeRows, type NewRow, type Written } from './journal.sql.ts';
import { checksumOf, pack, type Edit } from './pack.ts';

export interface WriterLimits {
  /** Milliseconds in which appends of an idle writer gather. */
  window: number;
  /** Milliseconds between the beginnings of two flushes, at the least: who writes much makes fewer and larger ones. */
  apart: number;
  /** Bytes of edits in one flush, over all items. */
  flushBytes: number;
  /** Bytes that may wait; beyond, appends are refused at once, so that memory stays bounded. */
  queueBytes: number;
  /** Of those, one item's: an item that cannot be written must not fill the queue for the others. */
  itemBytes: number;
  /** Milliseconds an append waits for a database that does not answer, or for a busy item, before it is refused. */
  patience: number;
  /** Milliseconds after which a flush without an answer is given up for lost. */
  stall: number;
}

/** Milliseconds that flushes stand apart: how long an edit waits for others at the most. */
export const FLUSHES_APART = 10;

const LIMITS: WriterLimits = {
  window: 2,
  apart: FLUSHES_APART,
  flushBytes: 4 << 20,
  queueBytes: 64 << 20,
  itemBytes: 24 << 20,
  patience: 30_000,
  stall: 10_000,
};

/** Where edits stand: the seq of their row, and how many edits it holds: those of others in this process as well. */
export interface Appended {
  seq: number;
  edits: number;
}

interface Waiting {
  itemId: string;
  generation: number;
  edits: Edit[];
  bytes: number;
  since: number;
  resolve(result: Appended): void;
  reject(reason: Error): void;
}

/** Flushes that may be without an answer at once, before further ones wait for theirs. */
const MAX_ASTRAY = 3;

/**
 * The process-wide writer: whatever arrives within a few milliseconds, over all items, shares one statement and one
 * fsync. Edits are idempotent, so a flush whose outcome is unknown is simply written again.
 */
export class JournalWriter {
  readonly #sql: Sql;
  readonly #limits: WriterLimits;
  readonly #hints: HintSender;
  #queue: Waiting[] = [];
  #waitingBytes = 0;
  /** Bytes that wait, by item. */
  readonly #itemBytes = new Map<string, number>();
  /** Items whose head another writer held: how often in a row, and when they are tried again. */
  readonly #busy = new Map<string, { times: number; until: number }>();
  #astray = 0;
  /** When the last flush began, by `performance.now()`. */
  #begun = -Infinity;
  #running: Promise<void> | null = null;

  constructor(sql: Sql, limits: Partial<WriterLimits> = {}) {
    this.#sql = sql;
    this.#limits = { ...LIMITS, ...limits };
    this.#hints = createHintSender(sql);
  }

  /** Bytes that are not durable yet. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Resolves with their row once the edits are durable. */
  append(itemId: string, generation: number, edits: Edit[]): Promise<Appended> {
    const bytes = edits.reduce((sum, edit) => sum + edit.update.byteLength + 20, 0);
    const key = keyOf({ itemId, generation });
    const ofItem = this.#itemBytes.get(key) ?? 0;
    const full =
      (this.#waitingBytes > 0 && this.#waitingBytes + bytes > this.#limits.queueBytes) ||
      (ofItem > 0 && ofItem + bytes > this.#limits.itemBytes);
    if (full) return Promise.reject(new TooMany('journal.full', 'Too much waits to be written'));
    this.#waitingBytes += bytes;
    this.#itemBytes.set(key, ofItem + bytes);
    const { promise, resolve, reject } = Promise.withResolvers<Appended>();
    this.#queue.push({ itemId, generation, edits, bytes, since: performance.now(), resolve, reject });
    this.#running ??= this.#run();
    return promise;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
    await this.#hints.idle();
  }

  async #run(): Promise<void> {
    await pause(Math.max(this.#limits.window, this.#untilNext));
    let misses = 0;
    while (this.#queue.length > 0) {
      this.#begun = performance.now();
      const answered = this.#astray < MAX_ASTRAY && (await this.#flush(this.#takeBatch()));
      misses = answered ? 0 : Math.min(misses + 1, 7);
      const rest = misses > 0 ? 4 * 2 ** misses : this.#untilNext;
      if (rest > 0 && this.#queue.length > 0) await pause(rest);
      this.#expire();
    }
    this.#running = null;
  }

  /** Milliseconds until the next flush may begin. */
  get #untilNext(): number {
    return this.#begun + this.#limits.apart - performance.now();
  }

  /** Whole appends, oldest first, up to the size of a flush. Items that were busy just now are left for a while. */
  #takeBatch(): Waiting[] {
    const now = performance.now();
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    let bytes = 0;
    for (const entry of this.#queue) {
      const rests = this.#busy.size > 0 && (this.#busy.get(keyOf(entry))?.until ?? 0) > now;
      if (rests || (batch.length > 0 && bytes + entry.bytes > this.#limits.flushBytes)) left.push(entry);
      else {
        bytes += entry.bytes;
        batch.push(entry);
      }
    }
    this.#queue = left;
    return batch;
  }

  /** Writes the batch; what cannot be written yet waits again. Returns whether the database answered. */
  async #flush(batch: Waiting[]): Promise<boolean> {
    if (batch.length === 0) return true;
    const groups = Map.groupBy(batch, keyOf);
    try {
      const written = await this.#inTime(this.#write([...groups.values()].map(asRow)));
      // Busy items go behind the others: edits of one item that meet here do not depend on each other.
      const busy = written.filter((row) => !this.#finish(groups.get(keyOf(row))!, row));
      this.#queue.push(...busy.flatMap((row) => groups.get(keyOf(row))!));
      return true;
    } catch (error) {
      if (isPassing(error)) {
        this.#queue.unshift(...batch);
        return false;
      }
      if (groups.size === 1) batch.forEach((entry) => this.#settle(entry, asError(error)));
      // One of them is at fault: each alone, so that it takes nobody with it.
      else for (const group of groups.values()) await this.#flush(group);
      return true;
    }
  }

  async #write(rows: NewRow[]): Promise<Written[]> {
    const first = await writeRows(this.#sql, rows);
    const unknown = first.filter(isLost);
    if (unknown.length === 0) return first;
    await createHeads(this.#sql, unknown);
    const keys = new Set(unknown.map(keyOf));
    const second = await writeRows(
      this.#sql,
      rows.filter((row) => keys.has(keyOf(row))),
    );
    // Whoever holds the item itself keeps it from getting a head just now.
    const there = new Set((await presentItems(this.#sql, second.filter(isLost))).map(keyOf));
    const tried = second.map((row) => ({ ...row, known: row.known || there.has(keyOf(row)) }));
    return [...first.filter((row) => !keys.has(keyOf(row))), ...tried];
  }

  /** A connection may hang without an end; then the flush is given up for lost, and written again elsewhere. */
  async #inTime(flush: Promise<Written[]>): Promise<Written[]> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      this.#astray += 1;
      const back = () => (this.#astray -= 1);
      flush.then(back, back);
      reject(Object.assign(new Error('The database does not answer'), { code: 'ETIMEDOUT' }));
    }, this.#limits.stall);
    try {
      return await Promise.race([flush, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Settles an item's appends; false when its head was busy and they wait for the next flush. */
  #finish(entries: Waiting[], row: Written): boolean {
    const { seq, known } = row;
    const key = keyOf(row);
    if (seq === null && known) {
      const times = Math.min((this.#busy.get(key)?.times ?? 0) + 1, 7);
      this.#busy.set(key, { times, until: performance.now() + 4 * 2 ** times });
      return false;
    }
    this.#busy.delete(key);
    if (seq === null) {
      const gone = new Gone('journal.generation', 'The item is gone, or has begun a new generation');
      entries.forEach((entry) => this.#settle(entry, gone));
      return true;
    }
    const edits = entries.reduce((sum, entry) => sum + entry.edits.length, 0);
    entries.forEach((entry) => this.#settle(entry, { seq, edits }));
    this.#hints.tell(row.itemId, row.generation, seq);
    const authors = new Set(entries.flatMap((entry) => entry.edits.map((edit) => edit.author)));
    for (const author of authors) noteEdit(this.#sql, row.itemId, author);
    return true;
  }

  #settle(entry: Waiting, outcome: Appended | Error): void {
    this.#waitingBytes -= entry.bytes;
    const key = keyOf(entry);
    const left = (this.#itemBytes.get(key) ?? 0) - entry.bytes;
    if (left > 0) this.#itemBytes.set(key, left);
    else {
      this.#itemBytes.delete(key);
      this.#busy.delete(key);
    }
    if (outcome instanceof Error) entry.reject(outcome);
    else entry.resolve(outcome);
  }

  #expire(): void {
    const end = performance.now() - this.#limits.patience;
    const late = this.#queue.filter((entry) => entry.since < end);
    if (late.length === 0) return;
    this.#queue = this.#queue.filter((entry) => entry.since >= end);
    late.forEach((entry) => this.#settle(entry, new Unavailable()));
  }
}

const isLost = ({ seq, known }: Written) => seq === null && !known;

function keyOf(of: { itemId: string; generation: number }): string {
  return `${of.itemId}.${of.generation}`;
}

/** The database did not answer in time: whoever appended still has the edit, and tries again later. */
class Unavailable extends EngawaError {
  constructor() {
    super(503, 'journal.unavailable', 'The edit could not be written down in time');
  }
}

function asRow(entries: Waiting[]): NewRow {
  const { itemId, generation } = entries[0]!;
  const updates = pack(entries.flatMap((entry) => entry.edits));
  return { itemId, generation, updates, checksum: checksumOf(updates) };
}

const PASSING =
  /^(CONNECT|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08|57P0|53|40001|40P01|55P03)/;

/** Lost connections, restarts, a full disk, deadlocks: worth trying again. Anything else is a fault of the row. */
function isPassing(error: unknown): boolean {
  return PASSING.test(String((error as { code?: string }).code ?? ''));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
