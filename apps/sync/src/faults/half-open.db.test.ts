import { setTimeout as sleep } from 'node:timers/promises';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { afterAll, expect, test } from 'vitest';
import { faultsIn, NONE, openCrowd, rowOf } from '../testing/crowd.ts';
import { reportFault } from '../testing/faults.ts';
import { startProxy } from '../testing/proxy.ts';
import { serveSync } from '../testing/serve.ts';
import { signInAs } from '../testing/sessions.ts';

/** Milliseconds of silence after which a page comes back; the app's pages have the provider's 30 000. */
const PATIENCE = 3_000;
const world = await buildWorld();
const { sql } = world;
const node = await serveSync(world.services);
const line = await startProxy(node.url);

afterAll(async () => {
  await line.stop();
  await node.stop();
});

test(
  'sockets go silent and neither end is told, while two type: they come back and bring everything, once',
  { timeout: 180_000 },
  async () => {
    const itemId = await world.item();
    const token = await signInAs(sql, world.officer.id);
    const seat = { itemId, kind: 'doc' as const, token };
    const crowd = await openCrowd({
      // The last one is on no line that breaks: it and what it types are in nobody's way.
      seats: [...[1, 2].map(() => ({ ...seat, url: line.url })), { ...seat, url: node.url }],
      stored: () => readDocument(sql, itemId, 1),
      pace: 'test',
      patience: PATIENCE,
    });
    const recoveries: number[] = [];
    for (let time = 0; time < 2; time += 1) {
      await sleep(500);
      line.strand();
      recoveries.push(await crowd.recovered(performance.now()));
      await crowd.look();
    }
    const verdict = await crowd.finish([node.url]);
    reportFault(rowOf(`half-open sockets, patience ${PATIENCE / 1000} s (pages: 30 s)`, verdict, recoveries));
    expect(faultsIn(verdict)).toEqual(NONE);
  },
);
