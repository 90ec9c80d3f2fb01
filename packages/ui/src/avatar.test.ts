import { expect, test } from 'vitest';
import { hueOf, initial } from './avatar.ts';

test('an initial is one character as people see it', () => {
  expect(initial('𠮷野 花子')).toBe('𠮷');
  expect(initial(' yuki')).toBe('Y');
  expect(initial('👨‍👩‍👧 家族')).toBe('👨‍👩‍👧');
  expect(initial('')).toBe('?');
});

test('a colour stays with its person', () => {
  expect(hueOf('0192-abc')).toBe(hueOf('0192-abc'));
  expect(hueOf('a')).toBeLessThan(360);
});
