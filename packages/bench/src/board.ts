// `bench board`: the whiteboard in a real Chromium, 1 000 and 10 000 elements with Japanese notes.
// Frames are timed twice: by the clock, which other programs disturb, and by the CPU time of the page's own thread.
import { chromium, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';
import type { BoardBench } from './board/page.ts';

const COUNTS = [1000, 10_000];
const LOADS = 15;
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

declare const boardBench: BoardBench;

const ms = (value: number) => value.toFixed(1);
const quantile = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;

const places = await mkdtemp(join(tmpdir(), 'engawa-bench-board-'));
try {
  const root = join(import.meta.dirname, 'board');
  await build({ root, configFile: false, logLevel: 'error', build: { outDir: places, emptyOutDir: true } });
  const server = await preview({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir: places },
    preview: { host: '127.0.0.1', port: Number(process.env.BENCH_PORT ?? 0) },
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ARGUMENTS,
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('pageerror', (error) => console.error(error.message));
    await page.goto(server.resolvedUrls!.local[0]!);
    await page.waitForFunction(() => 'boardBench' in window);
    for (const count of COUNTS) await measure(page, count);
  } finally {
    await browser.close();
    await server.close();
  }
} finally {
  await rm(places, { recursive: true, force: true });
}

async function measure(page: Page, count: number): Promise<void> {
  console.log(`\n${count} elements`);
  await motion(page, count);
  await load(page, count);
  for (const zoom of [1, 0.1]) {
    const paint = await page.evaluate(([of, at]) => boardBench.firstPaint(of!, at!), [count, zoom]);
    console.log(`first paint at ${zoom * 100} %: ${ms(paint.first)} ms, complete ${ms(paint.complete)} ms`);
  }
}

/** `board`: bytes to a checked, indexed board. The others are only read by Yjs: nothing checked, nothing indexed. */
async function load(page: Page, count: number): Promise<void> {
  const [loads, cpu] = await traced(page, () =>
    page.evaluate(([of, rounds]) => boardBench.load(of!, rounds!), [count, LOADS]),
  );
  const middle = (name: string) => quantile(cpu.get(`load ${name}`) ?? [], 0.5);
  for (const [name, { bytes, median, least }] of Object.entries(loads)) {
    const clock = `clock median ${ms(median)}, least ${ms(least)} ms`;
    console.log(`load ${name}: CPU median ${ms(middle(name))} ms; ${clock}; ${Math.round(bytes / 1024)} kB`);
  }
  const ratio = (middle('board') / middle('jsonEach')).toFixed(2);
  console.log(`load ÷ each element as one JSON value, CPU medians: ${ratio}; aim ≤ 1.50`);
}

/** Runs something in the page and gives the CPU times of what it marked. */
async function traced<T>(page: Page, run: () => Promise<T>): Promise<[T, Map<string, number[]>]> {
  const browser = page.context().browser()!;
  await browser.startTracing(page, { categories: ['blink.user_timing'] });
  const result = await run();
  return [result, cpuTimes(await browser.stopTracing())];
}

async function motion(page: Page, count: number): Promise<void> {
  const [results, cpu] = await traced(page, () => page.evaluate((of) => boardBench.motion(of), count));
  for (const [name, { workP50, workP95, intervalP95, bytes, messages }] of Object.entries(results)) {
    const at = (share: number) => ms(quantile(cpu.get(name) ?? [], share));
    const live = bytes === undefined ? '' : `; live ${messages} messages, ${bytes} bytes in 240 frames`;
    console.log(
      `${name}: CPU p50 ${at(0.5)} p95 ${at(0.95)} ms (aim p95 ≤ 16); clock p50 ${workP50} p95 ${workP95} ms, ` +
        `frame interval p95 ${intervalP95} ms${live}`,
    );
  }
}

interface TraceEvent {
  name: string;
  /** Microseconds of the thread's own clock. */
  tts?: number;
}

/** CPU milliseconds of each frame, by what was measured. */
function cpuTimes(trace: Buffer): Map<string, number[]> {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const times = new Map<string, number[]>();
  let begun = 0;
  for (const { name, tts } of traceEvents) {
    const [, what, label] = /^frame-(begin|end) (.+)$/.exec(name) ?? [];
    if (what === undefined || label === undefined || tts === undefined) continue;
    if (what === 'begin') begun = tts;
    else times.set(label, [...(times.get(label) ?? []), (tts - begun) / 1000]);
  }
  return times;
}
