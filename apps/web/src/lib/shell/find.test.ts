import { expect, test } from 'vitest';
import { findByName, fold, groupsOf } from './find.ts';

const names = ['進め方（案）', 'データ共有円滑化', '共有フォルダ', 'Ｄｘ推進', 'ﾃﾞｰﾀの置き場'];
const things = names.map((name) => ({ name }));
const found = (typed: string): string[] => findByName(things, typed).map((thing) => thing.name);

test('width, case and kana do not matter', () => {
  expect(fold('ﾃﾞｰﾀ　ＤＸ')).toBe('でーた dx');
  expect(found('でーた')).toEqual(['ﾃﾞｰﾀの置き場', 'データ共有円滑化']);
  expect(found('dx')).toEqual(['Ｄｘ推進']);
});

test('names that begin with it come first; every word must be there', () => {
  expect(found('共有')).toEqual(['共有フォルダ', 'データ共有円滑化']);
  expect(found('共有 円滑')).toEqual(['データ共有円滑化']);
  expect(found('ない')).toEqual([]);
});

test('nothing typed shows what there is', () => {
  expect(findByName(things, ' ', 2)).toHaveLength(2);
});

test('groups hold nothing twice, and end where the list grows too long', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
  const groups = [
    { label: 'recent', found: [b!, a!] },
    { label: 'starred', found: [a!] },
    { label: 'here', found: [a!, c!, d!] },
  ];
  expect(groupsOf(groups, 3)).toEqual([
    { label: 'recent', found: [b, a] },
    { label: 'here', found: [c] },
  ]);
});
