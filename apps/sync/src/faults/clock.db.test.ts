import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { afterAll, expect, test } from 'vitest';
import { until } from '../testing/client.ts';
import { faultsIn, NONE, openCrowd, rowOf } from '../testing/crowd.ts';
import { reportFault } from '../testing/faults.ts';
import { startProxy } from '../testing/proxy.ts';
import { signInAs } from '../testing/sessions.ts';
import { spawnNode } from '../testing/spawn.ts';

const HOUR = 3_600_000;
const world = await buildWorld();
const { sql } = world;
const folder = mkdtempSync(join(tmpdir(), 'engawa-clock-'));
const CLOCK_FILE = join(folder, 'clock');
const line = await startProxy(world.databaseUrl);
const node = await spawnNode({
  databaseUrl: line.url,
  preload: new URL('../testing/shift-clock.ts', import.meta.url),
  env: { CLOCK_FILE, SYNC_LOG: 'error' },
});

afterAll(async () => {
  await node.kill();
  await line.stop();
  rmSync(folder, { recursive: true, force: true });
});

// The node's `Date` jumps; its timers, PostgreSQL and the pages keep theirs.
test(
  'the clock of the node jumps forth and back while two type: they go on, and an outage is still noticed',
  { timeout: 180_000 },
  async () => {
    const itemId = await world.item();
    const token = await signInAs(sql, world.officer.id);
    const crowd = await openCrowd({
      seats: [1, 2].map(() => ({ url: node.url, itemId, kind: 'doc', token })),
      stored: () => readDocument(sql, itemId, 1),
      pace: 'test',
    });
    const recoveries: number[] = [];
    const jump = (by: number) => {
      writeFileSync(CLOCK_FILE, String(by));
      process.kill(node.pid, 'SIGUSR2');
    };
    for (const by of [HOUR, 0, -HOUR, 24 * HOUR, 0]) {
      jump(by);
      const jumped = performance.now();
      await sleep(200);
      recoveries.push(await crowd.recovered(jumped));
      await crowd.look();
    }
    const suspended = () => crowd.pages.every(({ notices }) => notices.at(-1)?.kind === 'suspended');
    // Both at once: what is measured by the clock would be waited for until tomorrow.
    line.freeze();
    jump(-24 * HOUR);
    await until(suspended, 30_000, () => 'not suspended');
    line.restore();
    await crowd.recovered(performance.now());
    const verdict = await crowd.finish([node.url]);
    reportFault(rowOf('clock of the node jumps by hours', verdict, recoveries));
    expect(faultsIn(verdict)).toEqual(NONE);
  },
);
