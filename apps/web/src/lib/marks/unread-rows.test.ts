import { expect, test } from 'vitest';
import { markedRows } from './unread-rows.ts';

const rows = [
  { id: 'a', parentId: null },
  { id: 'b', parentId: 'a' },
  { id: 'c', parentId: 'b' },
  { id: 'd', parentId: 'b' },
  { id: 'e', parentId: null },
];
const marked = (ids: string[], open: string[] = []): string[] =>
  [
    ...markedRows(
      rows,
      ids.map((id) => ({ id })),
      new Set(open),
    ),
  ].sort();

test('closed folders carry what they hide, open ones do not', () => {
  expect(marked(['c', 'd'])).toEqual(['a', 'b', 'c', 'd']);
  expect(marked(['c'], ['a', 'b'])).toEqual(['c']);
  expect(marked(['c'], ['a'])).toEqual(['b', 'c']);
  expect(marked(['c', 'd'], ['b'])).toEqual(['a', 'c', 'd']);
});

test('what lies in another space is not here', () => {
  expect(marked(['x'])).toEqual([]);
});
