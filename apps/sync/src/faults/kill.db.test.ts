import { setTimeout as sleep } from 'node:timers/promises';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { expect, test } from 'vitest';
import { doToCrowds, faultsIn, NONE, openCrowd, rowOf } from '../testing/crowd.ts';
import { rollDice } from '../testing/dice.ts';
import { reportFault, SEED, shareOf } from '../testing/faults.ts';
import { freePort } from '../testing/free-port.ts';
import { signInAs } from '../testing/sessions.ts';
import { spawnNode } from '../testing/spawn.ts';

const { kills, timeout } = shareOf(0.5);
const world = await buildWorld();
const { sql, databaseUrl } = world;

test(`${kills} × kill -9 of the only sync node while four type and draw`, { timeout }, async ({ signal }) => {
  const dice = rollDice(SEED);
  const port = await freePort();
  const start = () => spawnNode({ databaseUrl, port });
  let node = await start();
  const url = node.url;
  const tokens = await Promise.all([world.officer, world.clerk].map(({ id }) => signInAs(sql, id)));
  await world.give(world.clerk.id, world.space, 'editor');
  const gather = async () => {
    const items = (['doc', 'board'] as const).map(async (kind) => ({
      kind,
      itemId: await world.item({ kind }),
    }));
    return openCrowd({
      seats: (await Promise.all(items)).flatMap((item) => tokens.map((token) => ({ url, token, ...item }))),
      stored: (itemId) => readDocument(sql, itemId, 1),
      pace: 'test',
    });
  };
  const recoveries: number[] = [];
  const verdict = await doToCrowds(kills, { gather, signal, nodes: () => [url] }, async (crowd) => {
    await sleep(dice.between(100, 700));
    await node.kill();
    const down = performance.now();
    await crowd.look();
    node = await start();
    recoveries.push(await crowd.recovered(down));
  });
  reportFault(rowOf('kill -9: the only sync node, its start included', verdict, recoveries));
  expect(faultsIn(verdict)).toEqual(NONE);
  expect(verdict.acked).toBeGreaterThan(kills);
  expect(await node.stop()).toBe(0);
});
