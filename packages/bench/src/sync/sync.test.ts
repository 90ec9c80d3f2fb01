import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Board } from '@engawa/board';
import * as Y from 'yjs';
import { contestants, start } from './contestants.ts';
import { Crowd } from './crowd.ts';
import { editAt, FIRST, opening, readEdit } from './edits.ts';
import { Latencies, median } from './latencies.ts';
import { Page } from './page.ts';
import { tableOfAims } from './aims.ts';
import { tableOf } from './report.ts';
import { SCENARIOS } from './scenarios.ts';
import { longReport, randomLetters, writtenPaper } from './traces.ts';
import type { World } from './world.ts';

const relay = contestants({} as World, '').find(({ name }) => name === 'corked relay')!;
const server = await start(relay);
afterAll(() => server.stop());

test('a crowd types through a relay in a process of its own, and every edit is counted once', async () => {
  const shape = { documents: 2, pages: 3, writers: 2 };
  const crowd = new Crowd(await relay.places(server.port, 2), shape);
  await crowd.open();
  const seen = await crowd.type(20, 0.3, 10_000);
  expect(seen.sent).toBeGreaterThan(0);
  expect(seen.deliveries).toBe(seen.sent * 2);
  expect(seen.deliveries).toBe(seen.expected);
  expect(seen.latencies.count).toBe(seen.expected);
  expect([seen.wrong, crowd.lost]).toEqual([0, []]);
  const { cpu, memory } = await server.usage(true);
  expect(cpu.user).toBeGreaterThan(0);
  expect(memory.rss).toBeGreaterThan(0);
  crowd.close();
});

test('a document larger than a packet is handed out whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'engawa-bench-'));
  const update = randomLetters(20_000);
  const stored = join(folder, 'stored');
  await writeFile(stored, update);
  const library = await start({ ...relay, env: { STORED: stored } });
  const [place] = await relay.places(library.port, 1);
  const reader = new Page({ ...place!, answers: true });
  await reader.whenReady;
  expect(Buffer.from(reader.whole!).equals(update)).toBe(true);
  reader.close();
  await library.stop();
  await rm(folder, { recursive: true });
});

test('letters made by hand are those that Yjs would make', () => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, opening('doc', 7));
  for (let clock = FIRST; clock < FIRST + 30; clock += 1) {
    const update = editAt('doc', 7, clock);
    expect(readEdit(update, 0)).toEqual({ clientId: 7, clock, count: 1 });
    Y.applyUpdate(doc, update);
  }
  expect(doc.getXmlFragment('content').toString()).toMatch(/^<paragraph>a[a-z]{30}<\/paragraph>$/);
  expect(Y.getState(doc.store, 7)).toBe(FIRST + 30);
  expect(readEdit(opening('doc', 7), 0)).toBeNull();
});

test('a note that is moved by hand is one that the board reads, and that Yjs would write so', () => {
  const doc = new Y.Doc();
  const update = opening('board', 7);
  Y.applyUpdate(doc, update);
  const same = new Y.Doc();
  Y.applyUpdate(same, update);
  same.clientID = 7;
  const note = [...same.getMap<Y.Map<unknown>>('elements').values()][0]!;
  for (let clock = FIRST; clock < FIRST + 5; clock += 1) {
    const move = editAt('board', 7, clock);
    expect(readEdit(move, 0)).toEqual({ clientId: 7, clock, count: 1 });
    Y.applyUpdate(doc, move);
    note.set('b', [...doc.getMap<Y.Map<unknown>>('elements').values()][0]!.get('b'));
  }
  expect(Buffer.from(Y.encodeStateAsUpdate(doc)).equals(Y.encodeStateAsUpdate(same))).toBe(true);
  const [element] = new Board(doc).ordered();
  expect(element).toMatchObject({ kind: 'note', x: (FIRST + 4) * 7, y: (FIRST + 4) * 3 });
});

test('traces are the same every time', () => {
  for (const make of [() => writtenPaper(0.01), () => randomLetters(500), () => longReport(5_000)])
    expect(Buffer.from(make()).equals(make())).toBe(true);
});

test('latencies within 2 %, medians of what came to an end', () => {
  const latencies = new Latencies();
  for (let ms = 1; ms <= 1_000; ms += 1) latencies.add(ms);
  expect(latencies.within(0.5) / 500).toBeCloseTo(1, 1);
  expect(latencies.within(0.99) / 990).toBeCloseTo(1, 1);
  expect(median([3, NaN, 1, 2, 4])).toBe(2.5);
  expect(new Latencies().within(0.5)).toBeNaN();
});

test('the table gives medians, ratios to y-websocket of the same repetition, and gaps', () => {
  const metrics = [{ key: 'cpu', label: 'CPU', digits: 1, ratio: true }];
  const results = new Map([
    ['engawa', [{ cpu: 2 }, null, { cpu: 12 }]],
    ['y-websocket', [{ cpu: 1 }, { cpu: 2 }, { cpu: 4 }]],
    ['ws relay', []],
  ]);
  const table = tableOf({ name: '1×50', about: 'one document', metrics }, results);
  expect(table).toContain('| engawa      | 7.0 (2.50 ×) |');
  expect(table).toContain('| ws relay    |            – |');
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
});

test('aims stand beside what was measured, met or missed', () => {
  const fast = new Map([
    ['engawa', [{ cpu: 9, p50: 19, commit: 1 }]],
    ['y-websocket', [{ cpu: 10, p50: 1, commit: 1 }]],
  ]);
  const table = tableOfAims(new Map([['1×50', fast]]));
  expect(table).toMatch(/1×50: CPU ÷ y-websocket +\| ≤ 1.50 \(1.0\) \| +0.90 \| met, stretch too/);
  expect(table).toMatch(/1×50: p50 ms.* 19.0 \| +missed/);
  expect(table).toMatch(/memory: idle connection, kB.*not measured/);
  const scenarios = SCENARIOS.map(({ name }) => name);
  for (const [, name] of table.matchAll(/^\| ([^:|]+): /gm)) expect(scenarios).toContain(name);
});
