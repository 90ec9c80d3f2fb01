import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { append, callerOf, personOf, createCtx, writeSnapshot } from '@engawa/domain';
import * as Y from 'yjs';
import { start, type Contestant, type Running } from './contestants.ts';
import { inTime } from './crowd.ts';
import { median } from './latencies.ts';
import { Page, type Place } from './page.ts';
import type { Scenario, Stage } from './scenario.ts';

const HERD = 50;

/** A stored document is opened by one page, then another like it by fifty at once. */
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
  const count = stage.quick ? 1 : 3;
  const all = await contestant.places(server.port, count + 2);
  const places = all.map((place) => ({ ...place, answers: true }));
  const keepers = await store(contestant, places, update, stage);
  const [first, herd, ...single] = places;
  try {
    // Nobody's first load of all is counted: the code has to be compiled.
    await load([first!], update);
    const times = [];
    for (const place of single) times.push(await load([place], update));
    const before = await server.usage();
    const crowd = await load(
      Array.from({ length: HERD }, () => herd!),
      update,
    );
    const { cpu } = await server.usage();
    return {
      bytes: median(times.map(({ bytes }) => bytes)),
      synced: median(times.map(({ synced }) => synced)),
      herd: crowd.bytes,
      cpu: (cpu.user + cpu.system - before.cpu.user - before.cpu.system) / 1000,
      size: update.byteLength / 1024,
    };
  } finally {
    for (const page of keepers) page.close();
  }
}

/** Opens pages at once. Milliseconds until all have the bytes; then, of the first, how it compares to bare applying. */
async function load(places: Place[], update: Uint8Array): Promise<{ bytes: number; synced: number }> {
  const started = performance.now();
  const pages = places.map((place) => new Page(place));
  try {
    await inTime(Promise.all(pages.map((page) => page.whenReady)), 'the stored document', 60_000);
    const bytes = performance.now() - started;
    const raw = [applied(update), applied(update)];
    const own = applied(pages[0]!.whole!);
    return { bytes, synced: (bytes + own) / median([...raw, applied(update)]) };
  } finally {
    for (const page of pages) page.close();
  }
}

function applied(update: Uint8Array): number {
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
  const author = personOf(createCtx(await callerOf(services, token(0)), services));
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
