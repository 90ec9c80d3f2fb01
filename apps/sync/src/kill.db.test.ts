import { expect, test } from 'vitest';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { textOf } from './testing/client.ts';
import { killLoop, summaryOf } from './testing/kill-loop.ts';
import { signInAs } from './testing/sessions.ts';
import { spawnNode } from './testing/spawn.ts';

const KILLS = 20;
const PORT = 3412;

const world = await buildWorld();
const { sql } = world;

test(
  `${KILLS} × kill -9 while two people type: whatever was shown as saved is there`,
  { timeout: 240_000 },
  async () => {
    const itemId = await world.item();
    await world.give(world.clerk.id, itemId, 'editor');
    const people = [world.officer.id, world.clerk.id];
    const url = `ws://127.0.0.1:${PORT}`;
    const report = await killLoop({
      start: () => spawnNode({ databaseUrl: world.databaseUrl, port: PORT }),
      pages: await Promise.all(people.map(async (id) => ({ url, itemId, token: await signInAs(sql, id) }))),
      kills: KILLS,
      stored: async () => textOf(await readDocument(sql, itemId, 1)),
    });
    console.log(summaryOf(report));
    expect(report.lost).toEqual([]);
    expect(new Set(report.texts).size).toBe(1);
    expect(report.saved).toBeGreaterThan(KILLS);
    expect(await report.victim.stop()).toBe(0);
  },
);
