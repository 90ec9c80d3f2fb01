import * as Y from 'yjs';
import { openClient, until, type TestClient, type TestClientOptions } from './client.ts';
import { SEED, type FaultRow } from './faults.ts';
import { notes, sheet } from './paper.ts';
import { startTyping, type Typist } from './typist.ts';

export interface Seat {
  url: string;
  itemId: string;
  kind: 'doc' | 'board';
  /** The session token of who sits here. */
  token: string;
  origin?: string;
}

export interface CrowdOptions {
  seats: Seat[];
  /** An item as it is in the database now. */
  stored(itemId: string): Promise<Y.Doc>;
  /** How long a page waits before it comes back; as the pages of the app, when it is not said. */
  pace?: TestClientOptions['pace'];
  patience?: number;
}

/** What everybody was told, against what is there. Everything empty: nothing was lost. */
export interface Verdict {
  acked: number;
  lost: string[];
  doubled: string[];
  /** What was not equal that should be. */
  differences: string[];
}

/** People who type without end, at several items, and write down what they were told is saved. */
export interface Crowd {
  readonly pages: TestClient[];
  readonly typists: Typist[];
  /**
   * Milliseconds, for each person each time, from the end of their connection until they were told that something they
   * typed since is saved. Whoever reads them takes them away.
   */
  readonly interruptions: number[];
  /**
   * Milliseconds from that moment (`performance.now()`) until everybody was told that something they typed after it
   * is saved.
   */
  recovered(moment: number, ms?: number): Promise<number>;
  /** Compares what they were told so far with what is there now. */
  look(): Promise<void>;
  /** The typing ends and all of it is saved; `nodes` are the servers whose own copies are compared too. */
  finish(nodes: string[]): Promise<Verdict>;
  stop(): void;
}

const PAPERS = { doc: sheet, board: notes };
/** Milliseconds between two words: notes are larger than words. */
const EVERY = { doc: 25, board: 100 };
const PATIENCE = 120_000;

export async function openCrowd(options: CrowdOptions): Promise<Crowd> {
  const { seats, stored, pace = 'page', patience } = options;
  const open = (seat: Seat) =>
    openClient({ flushDelay: 40, pace, patience, ...seat, paper: PAPERS[seat.kind] });
  const pages = seats.map(open);
  const items = Map.groupBy(seats.keys(), (index) => seats[index]!.itemId);
  await Promise.all(pages.map((page) => page.whenSaved(PATIENCE)));
  for (const [first, ...others] of items.values()) {
    // One paragraph for all: who opens an empty document makes one.
    pages[first!]!.type('始;');
    await Promise.all([first!, ...others].map((index) => until(() => pages[index]!.text() !== '', PATIENCE)));
  }
  const typists = pages.map((page, index) =>
    startTyping(page, String.fromCodePoint(0x30a1 + index), EVERY[seats[index]!.kind]),
  );
  const interruptions: number[] = [];
  pages.forEach((page, index) => timeInterruptions(page, typists[index]!, interruptions));
  const lost = new Set<string>();
  const doubled = new Set<string>();
  const textIn = async (itemId: string, kind: Seat['kind']) => PAPERS[kind].read(await stored(itemId));

  /** The counts are taken first: what is told meanwhile need not be there yet. */
  const compare = async (counts: number[]) => {
    for (const [itemId, indices] of items) {
      const text = await textIn(itemId, seats[indices[0]!]!.kind);
      for (const index of indices) {
        const found = typists[index]!.faults(text, counts[index]);
        for (const word of found.lost) lost.add(word);
        for (const word of found.doubled) doubled.add(word);
      }
    }
  };
  const stop = () => {
    for (const typist of typists) typist.stop();
    for (const page of pages) page.stop();
  };
  return {
    pages,
    typists,
    interruptions,
    stop,
    async recovered(moment, ms = PATIENCE) {
      const told = (typist: Typist, index: number) =>
        until(
          () => typist.savedSince(moment),
          ms,
          () => `seat ${index} (${pages[index]!.saved.state}) was not told of anything saved again`,
        );
      await Promise.all(typists.map(told));
      return performance.now() - moment;
    },
    look: () => compare(typists.map((typist) => typist.savedWords)),
    async finish(nodes) {
      for (const typist of typists) typist.stop();
      await Promise.all(pages.map((page) => page.whenSaved(PATIENCE)));
      const typed = typists.map((typist) => typist.typedWords);
      await compare(typed);
      const differences: string[] = [];
      for (const [itemId, indices] of items) {
        const of = indices.map((index) => pages[index]!);
        differences.push(
          ...(await differencesOf(of, () => stored(itemId), PAPERS[seats[indices[0]!]!.kind].read)),
        );
        for (const url of nodes)
          differences.push(
            ...(await replicaDiffers(open({ ...seats[indices[0]!]!, url }), await stored(itemId))),
          );
      }
      stop();
      const acked = typed.reduce((sum, count) => sum + count, 0);
      return { acked, lost: [...lost], doubled: [...doubled], differences };
    },
  };
}

function timeInterruptions({ provider, saved }: TestClient, typist: Typist, into: number[]): void {
  let since: number | null = null;
  // Attempts that fail end too.
  provider.on('close', () => (since ??= performance.now()));
  saved.onChange(() => {
    if (since === null || !typist.savedSince(since)) return;
    into.push(performance.now() - since);
    since = null;
  });
}

/** Pages are equal in content and state vector; their bytes may differ, since an undo keeps what it deleted. */
async function differencesOf(
  pages: TestClient[],
  stored: () => Promise<Y.Doc>,
  read: (doc: Y.Doc) => string,
): Promise<string[]> {
  const differing = async () => {
    const there = await stored();
    return pages.filter(({ doc }) => read(doc) !== read(there) || vectorOf(doc) !== vectorOf(there)).length;
  };
  // What was saved last is still on its way to the others.
  await until(async () => (await differing()) === 0, PATIENCE).catch(() => {});
  const left = await differing();
  return left > 0 ? [`${left} of ${pages.length} pages differ from what is stored`] : [];
}

/** What a server gives to a page that comes anew, beside a fresh load: byte for byte. */
async function replicaDiffers(page: TestClient, stored: Y.Doc): Promise<string[]> {
  const same = () => Buffer.compare(bytesOf(page.doc), bytesOf(stored)) === 0;
  await until(() => page.provider.synced && same(), PATIENCE).catch(() => {});
  const equal = same();
  page.stop();
  return equal ? [] : [`the copy of ${page.provider.configuration.name} at a node is not a fresh load`];
}

function bytesOf(doc: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdate(doc);
}

function vectorOf(doc: Y.Doc): string {
  const vector = Y.decodeStateVector(Y.encodeStateVector(doc));
  return JSON.stringify([...vector].toSorted(([a], [b]) => a - b));
}

/** How often something is done to a crowd before another gathers at new items: those would grow without end. */
export const ROUND = 25;

/** Does something to crowds, that many times in all. What they were told, and what became of it, is added up. */
export async function doToCrowds(
  times: number,
  from: { gather(): Promise<Crowd>; nodes(): string[]; signal: AbortSignal },
  one: (crowd: Crowd, time: number) => Promise<void>,
): Promise<Verdict> {
  const whole: Verdict = { acked: 0, lost: [], doubled: [], differences: [] };
  for (let time = 0; time < times;) {
    const crowd = await from.gather();
    const end = Math.min(times, time + ROUND);
    for (; time < end; time += 1) {
      // A test that ran out of time must not go on beside the next.
      if (from.signal.aborted) crowd.stop();
      from.signal.throwIfAborted();
      await one(crowd, time);
    }
    const { acked, lost, doubled, differences } = await crowd.finish(from.nodes());
    whole.acked += acked;
    whole.lost.push(...lost);
    whole.doubled.push(...doubled);
    whole.differences.push(...differences);
  }
  return whole;
}

/** The row of the report for what a crowd went through. */
export function rowOf(
  fault: string,
  verdict: Verdict,
  recoveries: number[],
  times = recoveries.length,
): FaultRow {
  const { acked, lost, doubled } = verdict;
  return { fault, times, acked, lost: lost.length, doubled: doubled.length, recoveries };
}

/** What is asked of every verdict; the seed is with it, so that a failure can be had again. */
export function faultsIn({ lost, doubled, differences }: Verdict): object {
  return { lost, doubled, differences, seed: SEED };
}

/** What `faultsIn` says when there are none. */
export const NONE = { lost: [], doubled: [], differences: [], seed: SEED };
