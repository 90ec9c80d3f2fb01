import { expect, test } from 'vitest';
import { carried } from './caret.ts';

test('a caret stays with the letters it stood between', () => {
  // Somebody writes before it, after it, and takes away what is around it.
  expect(carried('集合場所', 'X集合場所', 2)).toBe(3);
  expect(carried('集合場所', '集合場所X', 2)).toBe(2);
  expect(carried('集合場所', '集合の場所', 2)).toBe(2);
  expect(carried('集合場所', '集所', 3)).toBe(1);
  expect(carried('集合場所', '', 3)).toBe(0);
  expect(carried('集合場所', '集合場所', 4)).toBe(4);
});
