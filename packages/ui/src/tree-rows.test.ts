import { expect, test } from 'vitest';
import { ancestors, stepFrom, typeahead, visibleRows, type TreeNode } from './tree-rows.ts';

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
