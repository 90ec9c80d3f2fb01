import { chromium, type Browser, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview, type InlineConfig } from 'vite';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Our board's page and Excalidraw's, built and open in one Chromium. */
export interface Pages {
  browser: Browser;
  ours: Page;
  theirs: Page;
}

/** `peers`: the `node_modules` with Excalidraw. Everything is closed when `use` is over. */
export async function withPages(peers: string, use: (pages: Pages) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'engawa-bench-board-'));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ARGUMENTS,
  });
  const servers: { close(): Promise<void> }[] = [];
  const open = async (name: string, root: string, more: InlineConfig = {}) => {
    const outDir = join(folder, name);
    const config: InlineConfig = { root, configFile: false, logLevel: 'error', ...more };
    await build({ ...config, build: { ...more.build, outDir, emptyOutDir: true, target: 'esnext' } });
    const at = { host: '127.0.0.1', port: 0 };
    const server = await preview({ ...config, build: { outDir }, preview: at });
    servers.push(server);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
    await page.goto(server.resolvedUrls!.local[0]!);
    await page.waitForFunction(() => 'boardBench' in window);
    return page;
  };
  try {
    const ours = await open('engawa', import.meta.dirname);
    const theirs = await open('excalidraw', join(import.meta.dirname, 'excalidraw'), withExcalidraw(peers));
    await use({ browser, ours, theirs });
  } finally {
    await browser.close();
    for (const server of servers) await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function withExcalidraw(peers: string): InlineConfig {
  const packaged = join(peers, '@excalidraw/excalidraw/dist/prod');
  const found: [RegExp, string][] = [
    [/^#excalidraw\.css$/, join(packaged, 'index.css')],
    [/^#excalidraw$/, join(packaged, 'index.js')],
    [/^#react$/, join(peers, 'react/index.js')],
    [/^#react-dom$/, join(peers, 'react-dom/index.js')],
    [/^#react-dom\/client$/, join(peers, 'react-dom/client.js')],
  ];
  return {
    define: { 'process.env.IS_PREACT': '"false"' },
    resolve: { alias: found.map(([find, replacement]) => ({ find, replacement })) },
    // Diagrams from text: never used here, and most of what would be bundled.
    build: { rollupOptions: { external: ['@excalidraw/mermaid-to-excalidraw'] } },
  };
}

interface TraceEvent {
  name: string;
  /** Microseconds of the thread's own clock. */
  tts?: number;
}

/** Runs something in a page and gives the CPU milliseconds of the frames that it marked, by their labels. */
export async function traced<T>(page: Page, run: () => Promise<T>): Promise<[T, Map<string, number[]>]> {
  const browser = page.context().browser()!;
  await page.bringToFront();
  await browser.startTracing(page, { categories: ['blink.user_timing'] });
  const result = await run();
  return [result, cpuTimes(await browser.stopTracing())];
}

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
