import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { append, callerOf, personOf, createCtx, writeSnapshot } from '@engawa/domain';
import * as Y from 'yjs';
import { collect } from './collect.ts';
import { start, type Contestant, type Running } from './contestants.ts';
import { inTime } from './crowd.ts';
import { median } from './latencies.ts';
import { Page, type Place } from './page.ts';
import type { Scenario, Stage } from './scenario.ts';
import { millis } from './with-crowd.ts';

const HERD = 50;
const HERDS = 3;
/** Loads before any counts: a server that serves has its code compiled, and its statements planned on each connection. */
const WARM = 100;
/** Loads of one page that count, each of a document that nobody has open. */
const SINGLE = 7;

/** Stored documents are opened by one page each, then others like them by fifty at once. */
export function coldLoad(name: string, about: string, make: (quick: boolean) => Uint8Array): Scenario {
  let made: Uint8Array | null = null;
  return {
    name,
    about,
    metrics: [
      { key: 'bytes', label: 'until the bytes are there, ms', digits: 1, ratio: true },
      { key: 'synced', label: 'until applied ÷ raw applyUpdate', digits: 2 },
      { key: 'herd', label: `herd of ${HERD}, ms`, digits: 0, ratio: true },
      { key: 'cpu', label: 'CPU ms of the herd', digits: 0, ratio: true },
      { key: 'size', label: 'kB', digits: 0 },
    ],
    takes: ({ name: who }) => who !== 'engawa, no journal' && who !== 'corked relay',
    async run(contestant, stage) {
      const update = (made ??= make(stage.quick));
      const folder = mkdtempSync(join(tmpdir(), 'engawa-bench-'));
      const file = join(folder, 'stored');
      writeFileSync(file, update);
      // A relay hands out stored bytes here: the least that it can take.
      const stored = contestant.holdsDocuments
        ? contestant
        : { ...contestant, env: { ...contestant.env, STORED: file } };
      const server = await start(stored);
      try {
        return await loads(stored, server, update, stage);
      } finally {
        await server.stop();
        rmSync(folder, { recursive: true });
      }
    },
  };
}

async function loads(contestant: Contestant, server: Running, update: Uint8Array, stage: Stage) {
  const count = stage.quick ? 1 : SINGLE;
  const all = await contestant.places(server.port, 1 + HERDS + count);
  const places = all.map((place) => ({ ...place, answers: true }));
  const keepers = await store(contestant, places, update, stage);
  const [first, ...others] = places;
  const herds = others.slice(0, HERDS);
  try {
    for (let times = 0; times < (stage.quick ? 1 : WARM); times += 1) await load([first!]);
    const times = [];
    for (const place of others.slice(HERDS)) times.push(comparedTo(update, await load([place])));
    const crowds = [];
    for (const place of herds) {
      const before = await server.usage();
      const { bytes } = await load(Array<Place>(HERD).fill(place));
      crowds.push({ bytes, cpu: millis((await server.usage()).cpu) - millis(before.cpu) });
    }
    return {
      bytes: median(times.map(({ bytes }) => bytes)),
      synced: median(times.map(({ synced }) => synced)),
      herd: median(crowds.map(({ bytes }) => bytes)),
      cpu: median(crowds.map(({ cpu }) => cpu)),
      size: update.byteLength / 1024,
    };
  } finally {
    for (const page of keepers) page.close();
  }
}

/** Milliseconds until all pages have the bytes, and those of the first. */
interface Loaded {
  bytes: number;
  whole: Uint8Array;
}

/** Opens pages at once. */
async function load(places: Place[]): Promise<Loaded> {
  collect();
  const started = performance.now();
  const pages = places.map((place, index) => new Page(place, () => {}, index));
  try {
    await inTime(Promise.all(pages.map((page) => page.whenReady)), 'the stored document', 60_000);
    return { bytes: performance.now() - started, whole: pages[0]!.whole! };
  } finally {
    for (const page of pages) page.close();
  }
}

/** How long it took until a page had applied it, compared to bare applying: thrice in turns, with nothing between. */
function comparedTo(update: Uint8Array, { bytes, whole }: Loaded): { bytes: number; synced: number } {
  const [raw, own]: number[][] = [[], []];
  for (let times = 0; times < 3; times += 1) {
    raw!.push(applied(update));
    own!.push(applied(whole));
  }
  return { bytes, synced: (bytes + median(own!)) / median(raw!) };
}

function applied(update: Uint8Array): number {
  collect();
  const started = performance.now();
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  doc.destroy();
  return performance.now() - started;
}

/** Puts the document where the contestant keeps its documents; y-websocket keeps none, so somebody stays there. */
async function store(
  contestant: Contestant,
  places: Place[],
  update: Uint8Array,
  { world }: Stage,
): Promise<Page[]> {
  if (contestant.name === 'engawa') {
    await storeWithUs(world, places, update);
    return [];
  }
  if (contestant.name === 'hocuspocus') {
    const data = Buffer.from(update);
    for (const { name } of places)
      await world.hocuspocus`insert into documents (name, data) values (${name}, ${data})`;
    return [];
  }
  if (!contestant.holdsDocuments) return [];
  const keepers = places.map((place) => new Page(place));
  await Promise.all(keepers.map((page) => page.whenReady));
  for (const page of keepers) page.send(update);
  await new Promise((done) => setTimeout(done, 2_000));
  return keepers;
}

async function storeWithUs({ services, token }: Stage['world'], places: Place[], update: Uint8Array) {
  const author = personOf(createCtx(await callerOf(services, token), services));
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  const state = Y.encodeStateAsUpdateV2(doc);
  const wire = Y.encodeStateAsUpdate(doc);
  for (const { name } of places) {
    const [itemId = '', generation] = name.split('.');
    const at = { itemId, generation: Number(generation) };
    const { seq } = await append(services, { ...at, author, updates: [update] });
    await writeSnapshot(services.sql, { ...at, seq, state, wire });
  }
}
