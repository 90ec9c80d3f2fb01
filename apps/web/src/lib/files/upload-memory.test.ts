import { expect, test } from 'vitest';
import { UploadMemory, type Kept } from './upload-memory.ts';

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    size: () => kept.size,
  };
}
const upload = (url: string, at = Date.now()): Kept => ({
  url,
  name: '資料.pdf',
  size: 5,
  modified: 1,
  spaceId: 's',
  parentId: null,
  where: '会議',
  at,
});

test('keeps what was begun, and forgets what is over or a week old', () => {
  const store = storage();
  const memory = new UploadMemory('me', store);
  memory.keep(upload('/a'));
  memory.keep(upload('/a'));
  memory.keep(upload('/b', Date.now() - 8 * 86_400_000));
  expect(memory.all().map(({ url }) => url)).toEqual(['/a']);
  memory.drop('/a');
  expect(memory.all()).toEqual([]);
});

test('nobody sees what somebody else uploaded here; signing out leaves nothing', () => {
  const store = storage();
  const mine = new UploadMemory('me', store);
  mine.keep(upload('/a'));
  expect(new UploadMemory('other', store).all()).toEqual([]);
  expect(store.size()).toBe(0);
  mine.keep(upload('/a'));
  mine.forget();
  expect(store.size()).toBe(0);
});

test('what is broken is taken for nothing', () => {
  const store = storage();
  store.setItem('engawa:uploads', '{"personId":"me","uploads":[{"url":3}]}');
  expect(new UploadMemory('me', store).all()).toEqual([]);
  store.setItem('engawa:uploads', 'no json');
  expect(new UploadMemory('me', store).all()).toEqual([]);
});
