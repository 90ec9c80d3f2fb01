import type { Sql } from '@engawa/db';
import { epochsOf } from '@engawa/domain';
import type { Logger } from 'pino';

/** Something open that rests on access to a space: a document's link, a page that watches a space. */
export interface Held {
  readonly spaceId: string;
  /** The access epoch of the space that the last decision rests on. */
  readonly epoch: number;
  /** Decide again at this time at the latest: `decideBy`. */
  readonly until: number;
  /** Decides anew and acts on it. Throws when the database cannot be asked: then it is asked again. */
  decide(): Promise<void>;
  /** The database cannot be asked: send and accept nothing until `resume`. */
  suspend(): void;
  resume(): void;
}

/** Sessions end without an access event; nobody stays longer than this on an ended one. Not all are asked at once. */
const RECHECK = { least: 45_000, most: 60_000 };
/** Milliseconds between two questions for changed epochs. A NOTIFY only makes it faster. */
const ASK = 400;
/** Milliseconds without an answer after which everything is suspended. */
const PATIENCE = 3_000;
/** Decisions made at the same time. */
const AT_ONCE = 6;
/** Connections that resume together, and milliseconds until the next do. */
const RESUMED = { count: 50, every: 20 };
/** Questions without an answer at the same time. */
const MAX_OUTSTANDING = 3;

/** When to decide again about access that ends then, or never: by a clock that does not jump (`performance.now()`). */
export function decideBy(until: Date | null): number {
  const left = until ? until.getTime() - Date.now() : Infinity;
  const { least, most } = RECHECK;
  return performance.now() + Math.min(left, least + Math.random() * (most - least));
}

/** Has everything that is open decided about again when access in its space has changed, or its time is up. */
export class Epochs {
  readonly #sql: Sql;
  readonly #held: () => Held[];
  readonly #log: Logger;
  readonly #deciding = new Set<Held>();
  /** Suspended until they have been decided about. */
  readonly #doubtful = new WeakSet<Held>();
  #timer: NodeJS.Timeout | null = null;
  #unlisten: (() => Promise<void>) | null = null;
  #asked = 0;
  #outstanding = 0;
  /** Access has changed since the question was asked that is not answered yet. */
  #again = false;
  /** When the database last answered. */
  #answered = performance.now();
  suspended = false;

  constructor(sql: Sql, held: () => Held[], log: Logger) {
    this.#sql = sql;
    this.#held = held;
    this.#log = log;
  }

  /** Milliseconds since the database last answered. */
  get age(): number {
    return performance.now() - this.#answered;
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#tick(), ASK);
    const { unlisten } = await this.#sql.listen('engawa_access', () => this.#hear());
    this.#unlisten = unlisten;
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#unlisten?.().catch(() => {});
  }

  #tick(): void {
    if (performance.now() - this.#answered > PATIENCE) this.#suspend();
    // A question that hangs must not keep the next from being asked, on another connection.
    const hangs = performance.now() - this.#asked > PATIENCE && this.#outstanding < MAX_OUTSTANDING;
    if (this.#outstanding === 0 || hangs) this.#ask();
  }

  /** However many changes come at once: one question more. */
  #hear(): void {
    if (this.#outstanding === 0) this.#ask();
    else this.#again = true;
  }

  #ask(): void {
    this.#asked = performance.now();
    this.#outstanding += 1;
    this.#again = false;
    const held = this.#held();
    epochsOf(this.#sql, [...new Set(held.map((one) => one.spaceId))])
      .then((epochs) => this.#answer(held, epochs))
      .catch((error) => this.#log.debug({ err: error }, 'epochs could not be asked'))
      .finally(() => {
        this.#outstanding -= 1;
        if (this.#again && this.#outstanding === 0) this.#ask();
      });
  }

  /** Decisions may take longer than the next question: that many are to be made does not mean that nobody answers. */
  #answer(held: Held[], epochs: Map<string, number>): void {
    const now = performance.now();
    this.#answered = now;
    const stale = held.filter((one) => one.until <= now || one.epoch !== epochs.get(one.spaceId));
    if (this.suspended) {
      for (const one of stale) this.#doubtful.add(one);
      void this.#resume(new Set(stale));
    }
    void this.#decideAll(stale.filter((one) => !this.#deciding.has(one)));
  }

  async #decideAll(held: Held[]): Promise<void> {
    const queue = [...held];
    for (const one of held) this.#deciding.add(one);
    const work = async () => {
      for (let one = queue.pop(); one; one = queue.pop()) {
        await this.#decide(one);
        this.#deciding.delete(one);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, held.length) }, work));
  }

  /** Who cannot be decided about stays suspended, and is asked about again. */
  async #decide(one: Held): Promise<void> {
    try {
      await one.decide();
      this.#answered = performance.now();
      if (!this.suspended && this.#doubtful.delete(one)) one.resume();
    } catch (error) {
      this.#log.debug({ err: error }, 'access could not be decided');
    }
  }

  #suspend(): void {
    if (!this.suspended) this.#log.warn('the database does not answer: connections are suspended');
    this.suspended = true;
    for (const one of this.#held()) one.suspend();
  }

  /** A few at a time: what everybody typed meanwhile would come at once. */
  async #resume(stale: Set<Held>): Promise<void> {
    this.suspended = false;
    this.#log.info('the database answers again: connections resume');
    const held = this.#held().filter((one) => !stale.has(one));
    for (let at = 0; at < held.length && !this.suspended; at += RESUMED.count) {
      for (const one of held.slice(at, at + RESUMED.count)) one.resume();
      await new Promise((done) => setTimeout(done, RESUMED.every));
    }
  }
}
