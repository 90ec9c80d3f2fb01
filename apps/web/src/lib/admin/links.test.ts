import { expect, test } from 'vitest';
import { partsOf } from './links.ts';

test('addresses in a mail become links, and the text around them stays as it is', () => {
  expect(
    partsOf('次のリンクを開いてください。\n\nhttps://engawa.example/invite/abc_-1\n\n期限：3月'),
  ).toEqual([
    { text: '次のリンクを開いてください。\n\n', href: null },
    { text: 'https://engawa.example/invite/abc_-1', href: 'https://engawa.example/invite/abc_-1' },
    { text: '\n\n期限：3月', href: null },
  ]);
});

test('only the web: no other scheme becomes a link', () => {
  expect(partsOf('javascript:alert(1) と https://').every(({ href }) => href === null)).toBe(true);
});
