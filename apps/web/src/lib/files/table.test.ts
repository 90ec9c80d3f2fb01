import { expect, test } from 'vitest';
import { TABLE_COLUMNS, TABLE_ROWS, tableOf } from './table.ts';

test('quotes, commas within, lines within, and rows of any length', () => {
  const { rows, columns } = tableOf('名,住所\n"県庁","宇都宮市, ""塙田""\n1-1-20"\n町\n益子,益子町,余り\n\n');
  expect(columns).toBe(3);
  expect(rows).toEqual([
    ['名', '住所', ''],
    ['県庁', '宇都宮市, "塙田"\n1-1-20', ''],
    ['町', '', ''],
    ['益子', '益子町', '余り'],
  ]);
});

test('tabs and semicolons; one column alone', () => {
  expect(tableOf('a\tb\n1\t2,3', { tabs: true }).rows[1]).toEqual(['1', '2,3']);
  expect(tableOf('a;b\n1;2,3\n4;5').rows[2]).toEqual(['4', '5']);
  expect(tableOf('人数\n12\n7').rows).toEqual([['人数'], ['12'], ['7']]);
  expect(tableOf('')).toEqual({ rows: [], columns: 0, moreRows: false, moreColumns: false });
});

test('as many rows and columns as can be shown, and it says that there are more', () => {
  const lines = (n: number) => Array.from({ length: n }, (_, at) => `${at},x`).join('\n');
  expect(tableOf(lines(TABLE_ROWS))).toMatchObject({ moreRows: false, rows: { length: TABLE_ROWS } });
  expect(tableOf(lines(TABLE_ROWS + 1))).toMatchObject({ moreRows: true, rows: { length: TABLE_ROWS } });
  const wide = tableOf(Array.from({ length: 5_000 }, () => 'あ').join(','));
  expect(wide).toMatchObject({ columns: TABLE_COLUMNS, moreColumns: true });
  const [huge] = tableOf(`${'長'.repeat(100_000)},b`).rows;
  expect(huge?.[0]).toHaveLength(501);
});

test('a row that the end of what was read cut in two is left out', () => {
  expect(tableOf('a,b\n1,2\n3', { cut: true })).toMatchObject({
    rows: [
      ['a', 'b'],
      ['1', '2'],
    ],
    moreRows: true,
  });
  expect(tableOf('a,"b\n1', { cut: true }).rows).toHaveLength(1);
  const many = Array.from({ length: TABLE_ROWS + 50 }, (_, at) => `${at},x`).join('\n');
  expect(tableOf(many, { cut: true }).rows).toHaveLength(TABLE_ROWS);
});
