import { expect, test } from 'vitest';
import { findWords } from './pdf-find.ts';

test('words over the ends of pieces and lines, whatever their width', () => {
  expect(findWords(['令和八年度の予', '', '算について'], '予算')).toEqual([
    { from: { item: 0, at: 6 }, to: { item: 2, at: 0 } },
  ]);
  expect(findWords(['ＰＤＦと Pdf と p d f'], 'pdf')).toHaveLength(3);
  expect(findWords(['㈱縁側'], '(株)')).toEqual([{ from: { item: 0, at: 0 }, to: { item: 0, at: 0 } }]);
  expect(findWords(['𠮷野家'], '野')).toEqual([{ from: { item: 0, at: 2 }, to: { item: 0, at: 2 } }]);
});

test('each once, and nothing for nothing', () => {
  expect(findWords(['ああああ'], 'ああ')).toHaveLength(2);
  expect(findWords(['縁側'], ' 　')).toEqual([]);
  expect(findWords([], '縁')).toEqual([]);
});
