import { afterAll, expect, test } from 'vitest';
import { contestants } from './contestants.ts';
import { fanOut } from './fan-out.ts';
import type { Stage } from './scenario.ts';
import { buildBenchWorld } from './world.ts';

const world = await buildBenchWorld();
afterAll(() => world.stop());

test.each([
  ['engawa', 'board'],
  ['engawa, no journal', 'doc'],
] as const)('%s is measured with a tiny %s', async (name, edited) => {
  const ours = contestants(world, '').find((contestant) => contestant.name === name)!;
  const wrong: string[] = [];
  const stage: Stage = {
    world,
    peers: '',
    quick: true,
    timeLeft: () => true,
    note: (said) => wrong.push(said),
    check: (seen, crowd) => {
      if (seen.wrong > 0) wrong.push('out of order');
      wrong.push(...crowd.lost);
    },
  };
  const measured = await fanOut('tiny', { documents: 1, pages: 15, writers: 5, edited }, 5).run(ours, stage);
  expect(wrong).toEqual([]);
  expect(measured.cpu).toBeGreaterThan(0);
  const [rows] = await world.services.sql<{ n: number }[]>`select count(*)::int as n from journal_rows`;
  // What the bench's own composition leaves out is the journal, and nothing else.
  expect(rows!.n > 0).toBe(name === 'engawa');
  await world.services.sql`truncate journal_heads cascade`;
});
