import { expect, test } from 'vitest';
import { createPace } from './pace.ts';

test('typing is never slowed, also when an offline day comes at once', () => {
  let now = 0;
  const pace = createPace(() => now);
  for (let i = 0; i < 900; i += 1) expect(pace(100)).toBe(0);
  for (let second = 0; second < 20; second += 1) {
    now += 1_000;
    for (let i = 0; i < 30; i += 1) expect(pace(200)).toBe(0);
  }
});

test('a flood of frames, or of bytes, is slowed in proportion, and recovers', () => {
  let now = 0;
  const many = createPace(() => now);
  for (let i = 0; i < 1_000; i += 1) many(10);
  expect(many(10)).toBeGreaterThan(0);
  now += 10_000;
  expect(many(10)).toBe(0);
  const large = createPace(() => now);
  for (let i = 0; i < 3; i += 1) large(16 << 20);
  expect(large(16 << 20)).toBeGreaterThan(3_000);
});
