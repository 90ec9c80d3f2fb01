import { COMMIT_BOUNDS, type NodeRow, REPORTS_KEPT, type SyncFigures } from '@engawa/schema';
import { expect, test } from 'vitest';
import { percentile, sumByEnd, together } from './numbers.ts';

const quiet: SyncFigures = {
  connections: 0,
  livePages: 0,
  documents: 0,
  boards: 0,
  loaded: 0,
  waiting: 0,
  waitingBytes: 0,
  epochAge: 100,
  suspended: false,
  edits: [],
  commits: [],
  refused: {},
};

const node = (sync: Partial<SyncFigures> | null, silent = false): NodeRow => ({
  id: '00000000-0000-7000-8000-000000000000',
  host: 'a',
  roles: ['sync'],
  version: '0.1.0',
  beganAt: new Date(),
  seenAt: new Date(),
  silent,
  figures: { memory: 1, processor: 0, ...(sync ? { sync: { ...quiet, ...sync } } : {}) },
});

test('a percentile lies within the bound that holds it, and nothing has none', () => {
  expect(percentile([], 0.5)).toBeNull();
  expect(percentile([0, 10], 0.5, [1, 2, 3])).toBe(1.5);
  expect(percentile([50, 49, 1], 0.99, [1, 2, 3])).toBe(2);
  // Beyond the last bound nobody counted how far.
  expect(percentile([0, 0, 0, 5], 0.5, [1, 2, 3])).toBe(3);
});

test('lists of different length meet at their ends', () => {
  expect(sumByEnd([[1, 2, 3], [10]], 4)).toEqual([0, 1, 2, 13]);
});

test('nodes are counted together, silent ones and those without live items left out', () => {
  const commits = Array<number>(COMMIT_BOUNDS.length + 1).fill(0);
  const all = together([
    node({
      connections: 2,
      edits: [5, 10],
      epochAge: 300,
      commits: commits.with(2, 4),
      refused: { malformed: 1 },
    }),
    node({ connections: 3, edits: [40], refused: { tooMany: 2, malformed: 0 }, suspended: true }),
    node({ connections: 99, epochAge: 9_000 }, true),
    node(null),
  ]);
  expect(all).toMatchObject({ connections: 5, epochAge: 300, suspended: true });
  expect(all.edits).toHaveLength(REPORTS_KEPT);
  expect(all.edits.slice(-2)).toEqual([1, 10]);
  expect(all.commit).toMatchObject({ count: 4, p50: 0.0025 });
  expect(all.refused).toEqual([
    { reason: 'tooMany', count: 2 },
    { reason: 'malformed', count: 1 },
  ]);
});

test('where nothing is served live there is no age and no commit', () => {
  expect(together([node(null)])).toMatchObject({ epochAge: null, commit: null, refused: [] });
});
