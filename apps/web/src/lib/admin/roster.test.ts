import { expect, test } from 'vitest';
import type { OrganisationPerson } from '@engawa/schema';
import { matching, rosterOf, rowOf, standing } from './roster.ts';

function person(name: string, kana: string, post = ''): OrganisationPerson {
  const row = {
    id: name,
    organisation: { id: 'o', name: '栃木県' },
    group: { id: 'g', name: 'デジタル戦略課' },
    post,
    from: new Date('2026-04-01'),
    until: null,
  };
  return {
    id: name,
    name,
    kana,
    email: 'a@example.jp',
    administrator: false,
    suspendedAt: null,
    suspendedReason: '',
    hasPassword: true,
    affiliations: [row],
  };
}

test('readings stand under the headings of the syllabary', () => {
  const cases = { あおき: 'あ', ゔぁん: 'あ', がもう: 'か', じんの: 'さ', づか: 'た', ぱく: 'は' };
  for (const [kana, row] of Object.entries(cases)) expect(rowOf(kana), kana).toBe(row);
  expect(['ん', 'を', 'わだ', 'よしの', 'もり', 'ろく', 'にし'].map(rowOf)).toEqual([
    'わ',
    'わ',
    'わ',
    'や',
    'ま',
    'ら',
    'な',
  ]);
  expect(['', 'Smith', '田中'].map(rowOf)).toEqual(['', '', '']);
});

test('a roster keeps its order under the headings; other alphabets and those who left come last', () => {
  const left = person('安藤 翼', 'あんどう つばさ');
  left.affiliations[0]!.until = new Date('2026-05-01');
  const people = [
    person('Anna', ''),
    person('青木', 'あおき'),
    left,
    person('上田', 'うえだ'),
    person('加藤', 'かとう'),
  ];
  const parts = rosterOf(people, new Date('2026-11-20'));
  expect(parts.map(({ row, people }) => [row, people.map(({ name }) => name)])).toEqual([
    ['あ', ['青木', '上田']],
    ['か', ['加藤']],
    ['other', ['Anna']],
    ['past', ['安藤 翼']],
  ]);
});

test('somebody is found by reading, kind of letter and post', () => {
  const people = [person('青木 恵', 'あおき めぐみ', '主任'), person('𠮷野 学', 'よしの まなぶ', '課長')];
  const names = (query: string): string[] => matching(people, query).map((found) => found.name);
  expect(names('')).toHaveLength(2);
  expect(names('アオキ')).toEqual(['青木 恵']);
  expect(names('𠮷野　課長')).toEqual(['𠮷野 学']);
  expect(names('ﾃﾞｼﾞﾀﾙ')).toHaveLength(2);
  expect(names('青木 課長')).toEqual([]);
});

test('an affiliation is of today, to come, over, or was called off', () => {
  const now = new Date('2026-11-20');
  const at = (from: string, until: string | null) =>
    standing({ from: new Date(from), until: until ? new Date(until) : null }, now);
  expect(at('2026-04-01', null)).toBe('now');
  expect(at('2027-04-01', null)).toBe('future');
  expect(at('2024-04-01', '2026-03-31')).toBe('past');
  expect(at('2027-04-01', '2026-11-19')).toBe('cancelled');
});
