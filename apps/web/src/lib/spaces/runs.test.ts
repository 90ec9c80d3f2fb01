import type { ItemRow } from '@engawa/schema';
import { expect, test } from 'vitest';
import { recentWork } from './recent-work.ts';
import { runsOf } from './runs.ts';

const told = (sentence: string, actorName: string) => ({ sentence, actorName });

test('what one person did again and again is told once', () => {
  const events = [
    told('移動', '太郎'),
    told('移動', '太郎'),
    told('移動', '花子'),
    told('編集', '花子'),
    told('移動', '太郎'),
  ];
  expect(runsOf(events).map(({ sentence, actorName, times }) => [sentence, actorName, times])).toEqual([
    ['移動', '太郎', 2],
    ['移動', '花子', 1],
    ['編集', '花子', 1],
    ['移動', '太郎', 1],
  ]);
});

const row = (id: string, kind: string, parentId: string | null, day: number) =>
  ({ id, kind, parentId, updatedAt: new Date(2026, 10, day) }) as ItemRow;

test('what was worked on last stands first, when it is not in sight anyway', () => {
  const folder = row('f', 'folder', null, 30);
  const docs = [1, 5, 3, 2, 4].map((day) => row(`d${day}`, 'doc', 'f', day));
  expect(recentWork([folder, ...docs]).map(({ id }) => id)).toEqual(['d5', 'd4', 'd3', 'd2']);
  expect(recentWork([folder, row('a', 'doc', null, 1), row('b', 'board', null, 2)])).toEqual([]);
  expect(recentWork([folder, row('a', 'doc', 'f', 1)])).toEqual([]);
});
