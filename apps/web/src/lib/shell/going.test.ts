import { expect, test, vi } from 'vitest';
import { going } from './going.ts';

test('it is told once that something is on its way, and once that nothing is any more', () => {
  const heard = vi.fn();
  const end = going.listen(heard);
  const [one, two] = [going.begin(), going.begin()];
  one();
  one();
  expect(heard.mock.calls).toEqual([[false], [true]]);
  two();
  expect(heard.mock.calls).toEqual([[false], [true], [false]]);
  end();
  going.begin()();
  expect(heard).toHaveBeenCalledTimes(3);
});
