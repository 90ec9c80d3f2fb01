import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Edited } from './edits.ts';
import { Latencies } from './latencies.ts';
import { Page, type Place, type Writer } from './page.ts';

/** How many documents, how many pages each, and how many of those write. */
export interface CrowdShape {
  documents: number;
  pages: number;
  writers: number;
  edited?: Edited;
}

/** What a crowd did and saw in a while. */
export interface Seen {
  seconds: number;
  latencies: Latencies;
  /** Milliseconds until a writer was told that its edit is saved; empty where nobody says so. */
  acks: Latencies;
  sent: number;
  deliveries: number;
  expected: number;
  /** Edits that came twice, or out of order. */
  wrong: number;
  /** Share of a core that the generator used, and how late it was at p99 (ms). */
  busy: number;
  late: number;
}

const OPENING_AT_ONCE = 40;
/** Milliseconds without any delivery after which what is missing counts as lost. */
const PATIENCE = 1_500;
let nextClient = 0x1000_0000 + Math.floor(Math.random() * 0x4000_0000);

/** Pages of many documents, and those of them who type. One process is all of them. */
export class Crowd {
  readonly pages: Page[] = [];
  readonly writers: Writer[] = [];
  readonly #places: Place[];
  readonly #shape: CrowdShape;
  readonly #byClient = new Map<number, Writer>();
  #latencies = new Latencies();
  #acks = new Latencies();
  #deliveries = 0;
  #wrong = 0;

  /** One place a document. */
  constructor(places: Place[], shape: CrowdShape) {
    this.#places = places;
    this.#shape = shape;
  }

  /** Opens every page, and has the writers begin. Throws when one cannot open in time. */
  async open(): Promise<void> {
    const { pages, writers } = this.#shape;
    for (const place of this.#places)
      for (let index = 0; index < pages; index += 1) {
        const page = new Page(place, this.#hear, this.pages.length);
        this.pages.push(page);
        if (index < writers) this.#addWriter(page);
        if (this.pages.length % OPENING_AT_ONCE === 0) await inTime(page.whenReady, 'a page to open');
      }
    await inTime(Promise.all(this.pages.map((page) => page.whenReady)), 'all pages to open');
    for (const { page, clientId } of this.writers) page.open(clientId);
    await sleep(150);
  }

  /** Everybody types at this rate (edits a second each) for so long; resolves when all has arrived, or is lost. */
  async type(rate: number, seconds: number, patience = PATIENCE): Promise<Seen> {
    this.#latencies = new Latencies();
    this.#acks = new Latencies();
    this.#deliveries = 0;
    this.#wrong = 0;
    for (const writer of this.writers) writer.counted = writer.sentAt.length;
    const late = new Latencies();
    const cpu = process.cpuUsage();
    const started = performance.now();
    await this.#drive(rate, seconds, late);
    const used = process.cpuUsage(cpu);
    const spent = performance.now() - started;
    const sent = this.writers.reduce((sum, { sentAt, counted }) => sum + sentAt.length - counted, 0);
    const expected = sent * (this.#shape.pages - 1);
    await this.#drain(expected, patience);
    return {
      seconds: (performance.now() - started) / 1000,
      latencies: this.#latencies,
      acks: this.#acks,
      sent,
      deliveries: this.#deliveries,
      expected,
      wrong: this.#wrong,
      busy: (used.user + used.system) / 1000 / spent,
      late: late.within(0.99),
    };
  }

  /** Sockets that are not open any more, with why. */
  get lost(): string[] {
    return this.pages.flatMap(({ closed }) => closed ?? []);
  }

  close(): void {
    for (const page of this.pages) page.close();
  }

  #addWriter(page: Page): void {
    const writer: Writer = { clientId: nextClient++, page, sentAt: [], counted: 0 };
    this.writers.push(writer);
    this.#byClient.set(writer.clientId, writer);
    // Acks come in the order of what they are for; the opening is the first, the answer to step 1 before it.
    const before = page.place.answers ? 2 : 0;
    page.onAck = () => {
      const index = page.acks - 1 - before;
      if (index >= writer.counted) this.#acks.add(performance.now() - writer.sentAt[index]!);
    };
  }

  readonly #hear = (clientId: number, first: number, count: number, page: Page): void => {
    const writer = this.#byClient.get(clientId);
    // The servers send what somebody typed back to that page, too: it is no delivery.
    if (!writer || writer.page === page) return;
    const wanted = page.next.get(clientId) ?? 0;
    if (first !== wanted) this.#wrong += 1;
    page.next.set(clientId, first + count);
    const now = performance.now();
    for (let index = Math.max(first, writer.counted); index < first + count; index += 1) {
      this.#deliveries += 1;
      this.#latencies.add(now - writer.sentAt[index]!);
    }
  };

  /** Open loop: who is due sends, whatever the server does. */
  async #drive(rate: number, seconds: number, late: Latencies): Promise<void> {
    const every = 1000 / rate;
    const started = performance.now();
    const due = this.writers.map((_, index) => started + (every * index) / this.writers.length);
    const end = started + seconds * 1000;
    for (let now = started; now < end; now = performance.now()) {
      for (let index = 0; index < due.length; index += 1) {
        while (due[index]! <= now && due[index]! < end) {
          late.add(now - due[index]!);
          this.writers[index]!.page.type(this.writers[index]!);
          due[index]! += every;
        }
      }
      await sleep(1);
    }
  }

  async #drain(expected: number, patience: number): Promise<void> {
    let before = -1;
    let since = performance.now();
    while (this.#deliveries < expected && performance.now() - since < patience) {
      if (this.#deliveries !== before) since = performance.now();
      before = this.#deliveries;
      await sleep(5);
    }
  }
}

/** Throws with what was waited for when it takes too long. */
export async function inTime<T>(work: Promise<T>, what: string, ms = 30_000): Promise<T> {
  const timer = new AbortController();
  const late = sleep(ms, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`Waited ${ms / 1000} s for ${what}`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
