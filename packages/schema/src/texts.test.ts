import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { EngawaError } from './errors.ts';
import { parse } from './parse.ts';
import { NewPassword } from './people.ts';
import { cleanLine, Day, Email, Kana, LastDay, Name, optionalLine, paragraph } from './texts.ts';

/** The value, or the code of the error. */
function read<const S extends v.GenericSchema>(schema: S, input: unknown): unknown {
  try {
    return parse(schema, input);
  } catch (error) {
    return error instanceof EngawaError ? error.code : error;
  }
}

describe('names', () => {
  test.each([
    ['𠮷野家 太郎', '𠮷野家 太郎'],
    ['  山田　太郎 ', '山田　太郎'],
    ['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦'],
    ['髙﨑', '髙﨑'],
    ['e\u0301', 'é'],
    ['か\u3099', 'が'],
    ['a\u0000\tb\n c', 'a b c'],
    ['\u202eabc\u202c', 'abc'],
    ['\u200fשלום\u200e', 'שלום'],
    ['a\u2066b\u2069\u200bc\ufeff', 'abc'],
    [`x${'\u0301'.repeat(10)}`, `x${'\u0301'.repeat(4)}`],
    ['あ'.repeat(100), 'あ'.repeat(100)],
    ['👨‍👩‍👧‍👦'.repeat(100), '👨‍👩‍👧‍👦'.repeat(100)],
  ])('%j is kept as %j', (given, kept) => {
    expect(read(Name, given)).toBe(kept);
  });

  test.each([
    ['', 'name.empty'],
    [' \u3000\t', 'name.empty'],
    ['\u202e\u200f\u200b', 'name.empty'],
    ['\u3164\u2800\u00ad', 'name.empty'],
    ['\u200d', 'name.empty'],
    ['\ud842', 'name.broken'],
    ['あ'.repeat(101), 'name.too_long'],
    ['あ'.repeat(300), 'name.too_long'],
    ['x'.repeat(1_000_000), 'name.too_long'],
    [undefined, 'name.empty'],
    [42, 'name.empty'],
  ])('%j is refused with %s', (given, code) => {
    expect(read(Name, given)).toBe(code);
  });

  test('cleaning twice changes nothing', () => {
    for (const text of ['a \u3000 b', '\u202e x \u0301\u0301\u0301\u0301\u0301\u0301', ' 👩‍🌾\n\n']) {
      expect(cleanLine(cleanLine(text))).toBe(cleanLine(text));
    }
  });

  test('what is optional may have nothing visible', () => {
    const schema = v.object({ post: optionalLine('post', 100) });
    for (const post of [undefined, '', '  ', '\u200b']) expect(read(schema, { post })).toEqual({ post: '' });
    expect(read(schema, { post: 'あ'.repeat(101) })).toBe('post.too_long');
  });
});

test.each([
  ['ヤマダ　タロウ', 'やまだ たろう'],
  ['ﾔﾏﾀﾞ', 'やまだ'],
  ['ぎゅすたーゔ', 'ぎゅすたーゔ'],
  ['Müller', 'Müller'],
  ['', ''],
  [undefined, ''],
  ['山田', 'kana.not_kana'],
])('ふりがな %j is %j', (given, kept) => {
  expect(read(v.object({ kana: Kana }), { kana: given })).toEqual(
    kept === 'kana.not_kana' ? kept : { kana: kept },
  );
});

test.each([
  [' Hanako＠Example.JP ', 'hanako@example.jp'],
  ["o'neil+x@a.b", "o'neil+x@a.b"],
  ['a@b', 'a@b'],
  ['a..b@c.d', 'email.invalid'],
  ['a b@c.d', 'email.invalid'],
  ['a@b\u0000.c', 'email.invalid'],
  ['Иван@example.jp', 'email.invalid'],
  ['a@-b.c', 'email.invalid'],
  [`${'x'.repeat(65)}@a.b`, 'email.invalid'],
  [`x@${'a.'.repeat(130)}b`, 'email.too_long'],
  ['x'.repeat(100_000), 'email.too_long'],
  ['', 'email.empty'],
])('the address %j is %j', (given, kept) => {
  expect(read(Email, given)).toBe(kept);
});

test.each([
  ['よい天気ですね、きょうは', 'よい天気ですね、きょうは'],
  ['ｃｏｒｒｅｃｔ horse', 'correct horse'],
  ['short', 'password.too_short'],
  ['𠮷𠮷𠮷𠮷𠮷', 'password.too_short'],
  ['aaaaaaaaaaaa', 'password.common'],
  ['Password123', 'password.common'],
  ['x'.repeat(1000), 'password.too_long'],
  ['\ud842abcdefghij', 'password.broken'],
])('the password %j is %j', (given, kept) => {
  expect(read(NewPassword, given)).toBe(kept);
});

test('days exist', () => {
  expect(read(Day, '2028-02-29')).toBe('2028-02-29');
  for (const day of ['2026-02-29', '2026-13-01', '2026-1-1', '', 'tomorrow']) {
    expect(read(Day, day)).toBe('day.invalid');
    expect(read(LastDay, day)).toBe('day.invalid');
  }
});

test('a paragraph keeps its lines', () => {
  expect(read(paragraph('purpose', 20), ' 一行目 \r\n\r\n二\u202e行目\u2028三 ')).toBe(
    '一行目\n\n二行目\n三',
  );
  expect(read(paragraph('purpose', 5), 'あ'.repeat(6))).toBe('purpose.too_long');
});
