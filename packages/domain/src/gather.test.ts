import type { Db } from '@engawa/db';
import { expect, test } from 'vitest';
import { gathering } from './gather.ts';

const pool = (() => {}) as unknown as Db;
const other = (() => {}) as unknown as Db;

/** Answers each key with how many questions there had been when it was asked. */
function counting() {
  const asked: string[][] = [];
  const ask = gathering(async (_sql, keys) => {
    asked.push(keys);
    const count = asked.length;
    await new Promise((done) => setTimeout(done, 5));
    return new Map(keys.map((key) => [key, count]));
  });
  return { asked, one: async (sql: Db, key: string) => (await ask(sql, [key])).get(key) };
}

test('what is asked within a turn is asked once, of each pool for itself', async () => {
  const { asked, one } = counting();
  const answers = await Promise.all([one(pool, 'a'), one(pool, 'b'), one(pool, 'a'), one(other, 'a')]);
  expect(asked).toEqual([['a', 'b'], ['a']]);
  expect(answers).toEqual([1, 1, 1, 2]);
});

test('a question never gets an answer that was given before it was asked', async () => {
  const { asked, one } = counting();
  const first = one(pool, 'a');
  while (asked.length === 0) await new Promise((done) => setImmediate(done));
  expect(await Promise.all([first, one(pool, 'a')])).toEqual([1, 2]);
});

test('when the database cannot be asked, everybody who asked is told, and the next are not', async () => {
  let down = true;
  const ask = gathering(async (_sql, keys) => {
    if (down) throw new Error('away');
    return new Map(keys.map((key) => [key, key]));
  });
  const outcomes = await Promise.allSettled([ask(pool, ['a']), ask(pool, ['b'])]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  down = false;
  expect((await ask(pool, ['a'])).get('a')).toBe('a');
});
