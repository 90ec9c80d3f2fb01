import { openClient, until, type TestClient, type TestClientOptions } from './client.ts';
import { startTyping } from './typist.ts';

/** A process that serves the item, however it is started. */
export interface Victim {
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

export interface KillLoop<V extends Victim> {
  /** Starts it, at the same address every time; resolves when it serves. */
  start(): Promise<V>;
  /** One page a person. */
  pages: TestClientOptions[];
  kills: number;
  /** The item's text as it is in the database now; asked while nothing runs. */
  stored(): Promise<string>;
}

export interface KillReport<V extends Victim> {
  /** Words that the pages were shown as saved. */
  saved: number;
  /** Those of them that were not in the database exactly once, after any kill or at the end. */
  lost: string[];
  /** Milliseconds from each kill until everybody was shown something as saved again. */
  recoveries: number[];
  /** The text of each page at the end, and of the database. */
  texts: string[];
  victim: V;
}

/** Kills a serving process at random moments while people type, and checks what they had been shown as saved. */
export async function killLoop<V extends Victim>({
  start,
  pages: options,
  kills,
  stored,
}: KillLoop<V>): Promise<KillReport<V>> {
  let victim = await start();
  const pages = options.map((one) => openClient({ flushDelay: 40, ...one }));
  await Promise.all(pages.map((page) => page.whenSaved(20_000)));
  // One paragraph for all: who opens an empty document makes one.
  pages[0]!.type('始;');
  await Promise.all(pages.map((page) => until(() => page.text() !== '', 20_000)));
  const typists = pages.map((page, index) =>
    startTyping(page, String.fromCharCode('ァ'.charCodeAt(0) + index)),
  );
  const lost = new Set<string>();
  const recoveries: number[] = [];
  const check = (text: string) =>
    typists.flatMap((typist) => typist.missing(text)).forEach((word) => lost.add(word));
  for (let kill = 0; kill < kills; kill += 1) {
    await new Promise((done) => setTimeout(done, 200 + Math.random() * 500));
    await victim.kill();
    const down = performance.now();
    check(await stored());
    victim = await start();
    await Promise.all(
      typists.map((typist) =>
        until(
          () => typist.savedSince(down),
          30_000,
          () => 'never saved again',
        ),
      ),
    );
    recoveries.push(performance.now() - down);
  }
  for (const typist of typists) typist.stop();
  await settle(pages);
  const text = await stored();
  check(text);
  const texts = [...pages.map((page) => page.text()), text];
  for (const page of pages) page.stop();
  return {
    saved: typists.reduce((sum, typist) => sum + typist.savedWords, 0),
    lost: [...lost],
    recoveries,
    texts,
    victim,
  };
}

async function settle(pages: TestClient[]): Promise<void> {
  await Promise.all(pages.map((page) => page.whenSaved(20_000)));
  await until(
    () => pages.every((page) => page.text() === pages[0]!.text()),
    20_000,
    () => 'pages differ',
  );
}

/** One line for the log: kills, words shown as saved, lost ones, and milliseconds until everybody was saved again. */
export function summaryOf({ saved, lost, recoveries }: KillReport<Victim>): string {
  const ms = recoveries.toSorted((a, b) => a - b).map(Math.round);
  return (
    `kills ${ms.length}, words shown as saved ${saved}, lost ${lost.length}, ` +
    `until saved again p50 ${ms[ms.length >> 1]} ms, max ${ms.at(-1)} ms`
  );
}
