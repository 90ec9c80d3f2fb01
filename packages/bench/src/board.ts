// `bench board`: the whiteboard beside Excalidraw in one real Chromium, 1 000 and 10 000 elements with Japanese notes.
// Frames are timed twice: by the clock, which other programs disturb, and by the CPU time of the page's own thread.
import type { Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { traced, withPages, type Pages } from './board/browser.ts';
import type { ExcalidrawBench } from './board/excalidraw/page.ts';
import type { Frames } from './board/frames.ts';
import type { BoardBench } from './board/page.ts';
import { framesTable, oneOffTable, type Row, type Who } from './board/report.ts';
import { installPeers } from './peers.ts';
import { median } from './sync/latencies.ts';

const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    quick: { type: 'boolean', default: false },
    repeat: { type: 'string' },
    minutes: { type: 'string' },
    markdown: { type: 'string' },
  },
});
const repetitions = Number(options.repeat ?? (options.quick ? 1 : 3));
const minutes = Number(options.minutes ?? (options.quick ? 4 : 20));
const end = Date.now() + minutes * 60_000;
const frames = options.quick ? 60 : 240;
const loads = options.quick ? 5 : 15;

declare const boardBench: BoardBench | ExcalidrawBench;

const about =
  `${new Date().toISOString().slice(0, 10)} · ${availableParallelism()} cores, load ${loadavg()[1]!.toFixed(1)} · ` +
  `medians of ${repetitions} · up to ${frames} frames each · \`pnpm bench ${process.argv.slice(2).join(' ')}\``;
const said: string[] = [];

/** Each table as soon as it is there: who stops the bench early keeps what was measured. */
function say(...parts: string[]): void {
  said.push(...parts);
  console.log(`${parts.join('\n\n')}\n`);
  if (options.markdown) writeFileSync(options.markdown, `${said.join('\n\n')}\n`);
}

say(about);
await withPages(installPeers('board'), async (pages) => {
  for (const count of options.quick ? [1000] : [1000, 10_000])
    if (Date.now() < end) await compare(pages, count);
});

async function compare({ ours, theirs }: Pages, count: number): Promise<void> {
  const rows = new Map<string, Row>();
  const add = (what: string, who: Who, numbers: Record<string, number | undefined>) => {
    const row = rows.get(what) ?? { engawa: new Map(), excalidraw: new Map() };
    rows.set(what, row);
    for (const [name, value] of Object.entries(numbers))
      if (value !== undefined) row[who].set(name, [...(row[who].get(name) ?? []), value]);
  };
  for (let repetition = 0; repetition < repetitions && Date.now() < end; repetition += 1) {
    const order: [Who, Page][] = [
      ['engawa', ours],
      ['excalidraw', theirs],
    ];
    for (const [who, page] of repetition % 2 === 0 ? order : order.reverse()) {
      process.stderr.write(`${count} elements, ${who} …\n`);
      await motion(page, count, (what, numbers) => add(what, who, numbers));
      await load(page, who, count, (what, numbers) => add(what, who, numbers));
    }
  }
  say(`**${count} elements**`, framesTable(rows), oneOffTable(rows));
}

async function motion(
  page: Page,
  count: number,
  add: (what: string, numbers: Record<string, number | undefined>) => void,
) {
  const [results, cpu] = await traced(page, () =>
    page.evaluate(([of, each]) => boardBench.motion(of!, each!), [count, frames]),
  );
  for (const [what, moved] of Object.entries<Frames & { bytes?: number; live?: number }>(results)) {
    const times = (cpu.get(what) ?? []).sort((a, b) => a - b);
    const at = (share: number) => times[Math.floor(times.length * share)] ?? NaN;
    const { intervalP95: interval, bytes, live } = moved;
    add(what, { p50: at(0.5), p95: at(0.95), interval, bytes, live });
  }
}

async function load(
  page: Page,
  who: Who,
  count: number,
  add: (what: string, numbers: Record<string, number>) => void,
) {
  for (const zoom of [1, 0.1]) {
    const { first, complete } = await page.evaluate(([of, at]) => boardBench.firstPaint(of!, at!), [
      count,
      zoom,
    ] as const);
    add(`stored bytes to first picture at ${zoom * 100} %, ms`, { once: first });
    add(`… to the whole picture at ${zoom * 100} %, ms`, { once: complete });
  }
  const [kinds, cpu] = await traced(page, () =>
    page.evaluate(([of, rounds]) => boardBench.load(of!, rounds!), [count, loads]),
  );
  const ms = (name: string) => median(cpu.get(`load ${name}`) ?? []);
  add('load, CPU ms', { once: ms('board') });
  add('stored, kB', { once: kinds['board']!.bytes / 1024 });
  if (who === 'excalidraw') return;
  add('load: only Yjs, CPU ms', { once: ms('boardYjsOnly') });
  add('load: JSON.parse of the same elements, CPU ms', { once: ms('jsonParse') });
  add('load: all as one JSON value in Yjs, CPU ms', { once: ms('jsonOne') });
  add('load: each element one JSON value in Yjs, CPU ms', { once: ms('jsonEach') });
  add('load ÷ one JSON value in Yjs (aim ≤ 1.5)', { once: ms('board') / ms('jsonOne') });
  add('load ÷ JSON values in Yjs', { once: ms('board') / ms('jsonEach') });
  add('load ÷ bare JSON.parse', { once: ms('board') / ms('jsonParse') });
}
