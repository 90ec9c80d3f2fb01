import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDocument } from '@engawa/domain';
import { buildWorldOn } from '@engawa/domain/testing';
import { faultsIn, NONE, openCrowd, reportFault, rowOf, signInAs, until } from '@engawa/sync/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { wholeProgram } from '../testing/whole.ts';

/** A cluster, its write-ahead log, and some. */
const SIZE = '256m';
const data = mkdtempSync(join(tmpdir(), 'engawa-disk-'));
const mounted = mount();
if (!mounted) console.warn('SKIPPED the full disk: a small file system may be mounted here by root only.');

/** A real small disk, in memory; false where it may not be. */
function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'engawa-test', data], { stdio: 'ignore' });
  } catch {
    return false;
  }
  process.once('exit', unmount);
  return true;
}

function unmount(): void {
  try {
    execFileSync('umount', ['-l', data], { stdio: 'ignore' });
  } catch {
    // It is not there any more.
  }
}

const ballast = join(data, 'ballast');

/** Writes until nothing more fits. */
function fill(): void {
  for (let size = 1 << 20; size >= 1; size >>= 4) {
    try {
      for (;;) appendFileSync(ballast, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

describe.skipIf(!mounted)('on a small disk', async () => {
  const whole = await wholeProgram(data);

  afterAll(async () => {
    await whole.clear();
    unmount();
    process.off('exit', unmount);
    rmSync(data, { recursive: true, force: true });
  });

  test(
    'the disk of PostgreSQL is full, and then its log cannot go on: nothing is told, and all is there once there is room',
    { timeout: 300_000 },
    async () => {
      await whole.start();
      const sql = await whole.sql();
      const world = await buildWorldOn({ sql, url: '' });
      const token = await signInAs(sql, world.officer.id);
      const items = (['doc', 'board'] as const).map(async (kind) => ({
        kind,
        itemId: await world.item({ kind }),
      }));
      const { url, origin } = whole;
      const crowd = await openCrowd({
        seats: (await Promise.all(items)).flatMap((item) =>
          [1, 2].map(() => ({ ...item, token, url, origin })),
        ),
        stored: async (itemId) => readDocument(await whole.sql(), itemId, 1),
        pace: 'test',
      });
      const told = () => crowd.typists.map((typist) => typist.savedWords).join();
      /** Nothing was told for three seconds, although all go on typing. */
      const silence = () =>
        until(async () => {
          const before = told();
          await sleep(3_000);
          return told() === before;
        }, 60_000);
      const recoveries: number[] = [];
      for (const also of ['rows', 'log'] as const) {
        fill();
        // More than fits into the room that PostgreSQL had set aside.
        crowd.pages[0]!.type(`${'満'.repeat(300_000)};`);
        if (also === 'log') await (await whole.sql())`select pg_switch_wal()`.catch(() => {});
        await silence();
        rmSync(ballast);
        recoveries.push(await crowd.recovered(performance.now(), 120_000));
        await crowd.look();
      }
      const verdict = await crowd.finish([url]);
      reportFault(rowOf('disk of PostgreSQL full', verdict, recoveries));
      expect(faultsIn(verdict)).toEqual(NONE);
      whole.program().child.kill('SIGINT');
      expect(await whole.program().ended).toBe(0);
    },
  );
});
