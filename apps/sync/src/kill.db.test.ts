import { expect, test } from 'vitest';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { killLoop, summaryOf } from './testing/kill-loop.ts';
import { notes, sheet } from './testing/paper.ts';
import { signInAs } from './testing/sessions.ts';
import { spawnNode } from './testing/spawn.ts';

const PORT = 3412;

const world = await buildWorld();
const { sql } = world;

test.each([
  { kind: 'doc' as const, kills: 20, paper: sheet, does: 'type' },
  { kind: 'board' as const, kills: 4, paper: notes, does: 'draw on a board' },
])(
  '$kills × kill -9 while two people $does: whatever was shown as saved is there',
  { timeout: 240_000 },
  async ({ kind, kills, paper }) => {
    const itemId = await world.item({ kind });
    await world.give(world.clerk.id, itemId, 'editor');
    const people = [world.officer.id, world.clerk.id];
    const url = `ws://127.0.0.1:${PORT}`;
    const report = await killLoop({
      start: () => spawnNode({ databaseUrl: world.databaseUrl, port: PORT }),
      pages: await Promise.all(
        people.map(async (id) => ({ url, itemId, paper, token: await signInAs(sql, id) })),
      ),
      kills,
      stored: async () => paper.read(await readDocument(sql, itemId, 1)),
    });
    console.log(summaryOf(report));
    expect(report.lost).toEqual([]);
    expect(new Set(report.texts).size).toBe(1);
    expect(report.saved).toBeGreaterThan(kills);
    expect(await report.victim.stop()).toBe(0);
  },
);
