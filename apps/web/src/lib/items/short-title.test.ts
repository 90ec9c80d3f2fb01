import { expect, test } from 'vitest';
import { shortTitle } from './short-title.ts';

test('a long name is cut between letters as a reader counts them', () => {
  expect(shortTitle('議事録')).toBe('議事録');
  expect(shortTitle('あ'.repeat(32))).toBe('あ'.repeat(32));
  expect(shortTitle('あ'.repeat(200))).toBe(`${'あ'.repeat(31)}…`);
  expect(shortTitle('👩‍🌾'.repeat(32))).toBe('👩‍🌾'.repeat(32));
  expect(shortTitle('👩‍🌾'.repeat(40))).toBe(`${'👩‍🌾'.repeat(31)}…`);
});
