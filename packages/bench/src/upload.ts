// `pnpm bench upload`: files through the app against the same files straight to the same MinIO, in turns.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMinio } from '@engawa/storage/testing/minio';
import { buildBenchWorld } from './sync/world.ts';
import { markdownTable } from './table.ts';
import { peakOf, startProgram } from './upload/program.ts';
import { straight, throughApp } from './upload/ways.ts';

const MIB = 2 ** 20;
const AT_ONCE = 4;
const SIZE = 128 * MIB;
const ROUNDS = process.argv.includes('--quick') ? 2 : 5;
const LARGE = 2 * 1024 * MIB;

const folder = mkdtempSync(join(tmpdir(), 'engawa-bench-store-'));
const minio = await startMinio({ folder });
const world = await buildBenchWorld();
const storageUrl = minio.url('engawa');
const program = await startProgram(world.engawaUrl, storageUrl);
const [space] = await world.services.sql<{ id: string }[]>`select id from spaces`;
const target = { origin: program.origin, token: world.token, spaceId: space!.id };

const ways = {
  app: () => throughApp(target, SIZE),
  straight: () => straight(storageUrl, SIZE),
};
const speeds: Record<keyof typeof ways, number[]> = { app: [], straight: [] };

/** Megabytes a second of several at once. */
async function speedOf(way: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, way));
  return (AT_ONCE * SIZE) / 1e3 / (performance.now() - began);
}

try {
  await throughApp(target, 16 * MIB);
  await straight(storageUrl, 16 * MIB);
  const idle = program.rss();
  let [peak, cpu] = [0, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const way of round % 2 === 0 ? (['app', 'straight'] as const) : (['straight', 'app'] as const)) {
      const before = program.cpu();
      const run = async () => void speeds[way].push(await speedOf(ways[way]));
      const most = await peakOf(program.rss, run);
      if (way !== 'app') continue;
      peak = Math.max(peak, most);
      cpu += program.cpu() - before;
    }
  }
  const settled = program.rss();
  const large = await peakOf(program.rss, () => throughApp(target, LARGE));
  const [app, direct] = [median(speeds.app), median(speeds.straight)];
  const sent = (ROUNDS * AT_ONCE * SIZE) / 1e9;
  console.log(`${AT_ONCE} files of ${SIZE / MIB} MiB at once, ${ROUNDS} rounds in turns, medians\n`);
  const row = (name: string, speed: number, all: number[]) => [
    name,
    speed.toFixed(0),
    `${Math.min(...all).toFixed(0)}–${Math.max(...all).toFixed(0)}`,
    (speed / direct).toFixed(2),
  ];
  console.log(
    markdownTable(
      ['way', 'MB/s', 'range', 'ratio'],
      [
        row('through the app (tus)', app, speeds.app),
        row('straight to MinIO (minio-js)', direct, speeds.straight),
      ],
    ),
  );
  console.log(
    `\nThe program: ${mb(idle)} idle, ${mb(peak)} at most; ${(cpu / 1e3 / sent).toFixed(1)} s of CPU a GB.`,
  );
  console.log(`One file of 2 GiB: ${mb(settled)} before, ${mb(large)} at most, ${mb(large - settled)} more.`);
} finally {
  await program.stop();
  await world.stop();
  await minio.stop();
  rmSync(folder, { recursive: true, force: true });
}

function median(all: number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
