import { expect, test } from 'vitest';
import { ancestors, placeOver, stepFrom, typeahead, visibleRows, type TreeNode } from './tree-rows.ts';

const node = (id: string, parentId: string | null, branch = false): TreeNode => ({
  id,
  parentId,
  branch,
  label: id,
});
const nodes = [
  node('資料', null, true),
  node('会議', '資料', true),
  node('第1回', '会議'),
  node('第2回', '会議'),
  node('メモ', null),
  node('離れ', 'unseen-parent'),
];

test('only what is open is seen, with level and place', () => {
  expect(visibleRows(nodes, new Set()).map((row) => row.node.id)).toEqual(['資料', 'メモ', '離れ']);
  const rows = visibleRows(nodes, new Set(['資料', '会議']));
  expect(rows.map((row) => [row.node.id, row.level])).toEqual([
    ['資料', 1],
    ['会議', 2],
    ['第1回', 3],
    ['第2回', 3],
    ['メモ', 1],
    ['離れ', 1],
  ]);
  expect(rows[3]).toMatchObject({ position: 2, siblings: 2, expanded: undefined, empty: true });
});

test('arrow keys walk as the tree pattern says', () => {
  const rows = visibleRows(nodes, new Set(['資料']));
  expect(stepFrom(rows, '資料', 'ArrowLeft')).toEqual({ toggle: '資料' });
  expect(stepFrom(rows, '資料', 'ArrowRight')).toEqual({ to: '会議' });
  expect(stepFrom(rows, '会議', 'ArrowRight')).toEqual({ toggle: '会議' });
  expect(stepFrom(rows, '会議', 'ArrowLeft')).toEqual({ to: '資料' });
  expect(stepFrom(rows, 'メモ', 'ArrowRight')).toBeNull();
  expect(stepFrom(rows, '資料', 'End')).toEqual({ to: '離れ' });
  expect(stepFrom(rows, '離れ', 'ArrowDown')).toBeNull();
});

test('typing a letter goes to the next row that begins with it', () => {
  const rows = visibleRows(nodes, new Set(['資料']));
  expect(typeahead(rows, '資料', 'メ')).toBe('メモ');
  expect(typeahead(rows, '資料', 'zz')).toBeNull();
});

test('the way up from a node', () => {
  expect(ancestors(nodes, '第1回')).toEqual(['会議', '資料']);
});

test('letting go: the edges of a branch are beside it, its middle is into it', () => {
  const rows = visibleRows(nodes, new Set(['資料']));
  const over = (id: string, dragged: string, height: number) =>
    placeOver(
      nodes,
      rows.find((row) => row.node.id === id)!,
      dragged,
      height,
    );
  expect(over('会議', 'メモ', 0.1)).toEqual({ how: 'before', id: '会議', parentId: '資料' });
  expect(over('会議', 'メモ', 0.5)).toEqual({ how: 'into', id: '会議', parentId: '会議' });
  expect(over('会議', 'メモ', 0.9)).toEqual({ how: 'after', id: '会議', parentId: '資料' });
  // What comes below an open branch is its first child.
  expect(over('資料', 'メモ', 0.9)).toEqual({ how: 'into', id: '資料', parentId: '資料' });
  expect(over('メモ', '第1回', 0.4)).toEqual({ how: 'before', id: 'メモ', parentId: null });
  expect(over('メモ', '第1回', 0.6)).toEqual({ how: 'after', id: 'メモ', parentId: null });
});

test('nothing goes into itself or what lies below it', () => {
  const [first, second] = visibleRows(nodes, new Set(['資料', '会議']));
  expect(placeOver(nodes, first!, '資料', 0.5)).toBeNull();
  expect(placeOver(nodes, second!, '資料', 0.1)).toBeNull();
});
