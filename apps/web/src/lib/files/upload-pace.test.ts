import { expect, test } from 'vitest';
import { Pace, secondsLeft } from './upload-pace.ts';

test('the speed is that of the last seconds', () => {
  const pace = new Pace();
  expect(pace.speed(0)).toBe(0);
  for (let second = 0; second <= 20; second += 1) pace.note(second * 1000, second * 1000);
  for (let second = 21; second <= 40; second += 1) pace.note(20_000 + (second - 20) * 5000, second * 1000);
  expect(pace.speed(40_000)).toBeCloseTo(5000, -2);
});

test('a standstill has no speed, and bytes that go again begin anew', () => {
  const pace = new Pace();
  pace.note(0, 0);
  pace.note(4000, 1000);
  expect(pace.speed(1000)).toBe(4000);
  expect(pace.speed(30_000)).toBe(0);
  pace.note(1000, 31_000);
  expect(pace.speed(31_000)).toBe(0);
  pace.note(2000, 32_000);
  expect(pace.speed(32_000)).toBe(1000);
});

test('what is left takes as long as it takes', () => {
  expect(secondsLeft(1000, 0)).toBeNull();
  expect(secondsLeft(1500, 1000)).toBe(2);
});
