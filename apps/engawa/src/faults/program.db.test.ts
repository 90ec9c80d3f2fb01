import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDocument } from '@engawa/domain';
import { buildWorldOn } from '@engawa/domain/testing';
import {
  doToCrowds,
  faultsIn,
  NONE,
  openCrowd,
  reportFault,
  ROUND,
  rollDice,
  rowOf,
  SEED,
  shareOf,
  signInAs,
} from '@engawa/sync/testing';
import { afterAll, expect, test } from 'vitest';
import { wholeProgram } from '../testing/whole.ts';

const { kills, timeout } = shareOf(0.14);
/** Every so often the power goes: PostgreSQL is killed with it, and recovers. */
const POWER_CUTS = 3;
const data = mkdtempSync(join(tmpdir(), 'engawa-kill-'));
const whole = await wholeProgram(data);

afterAll(async () => {
  await whole.clear();
  rmSync(data, { recursive: true, force: true });
});

test.skipIf(process.platform !== 'linux')(
  `${kills} × kill -9 of the whole program while four type and draw, and a clean start after it`,
  { timeout },
  async ({ signal }) => {
    const dice = rollDice(SEED);
    await whole.start();
    const sql = await whole.sql();
    const world = await buildWorldOn({ sql, url: '' });
    await world.give(world.clerk.id, world.space, 'editor');
    const tokens = await Promise.all([world.officer, world.clerk].map(({ id }) => signInAs(sql, id)));
    const { url, origin } = whole;
    // For every crowd, now: PostgreSQL will be elsewhere later.
    const makeItems = () =>
      Promise.all(
        (['doc', 'board'] as const).map(async (kind) => ({ kind, itemId: await world.item({ kind }) })),
      );
    const items = await Promise.all(Array.from({ length: Math.ceil(kills / ROUND) }, makeItems));
    const gather = () =>
      openCrowd({
        seats: items.pop()!.flatMap((item) => tokens.map((token) => ({ ...item, token, url, origin }))),
        stored: async (itemId) => readDocument(await whole.sql(), itemId, 1),
        pace: 'test',
      });
    const recoveries: number[] = [];
    const verdict = await doToCrowds(kills, { gather, signal, nodes: () => [url] }, async (crowd, time) => {
      await sleep(dice.between(100, 700));
      await whole.kill(time % POWER_CUTS === POWER_CUTS - 1);
      const down = performance.now();
      await crowd.look();
      await whole.start();
      recoveries.push(await crowd.recovered(down));
    });
    reportFault(rowOf('kill -9: the whole program, its start included', verdict, recoveries));
    expect(faultsIn(verdict)).toEqual(NONE);
    whole.program().child.kill('SIGINT');
    expect(await whole.program().ended).toBe(0);
    // After all that, a start finds nothing to clear and says nothing of it.
    await whole.start();
    expect(whole.program().output()).not.toMatch(/killed|left|stale|adopt/i);
    whole.program().child.kill('SIGINT');
    expect(await whole.program().ended).toBe(0);
  },
);
