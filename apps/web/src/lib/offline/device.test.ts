import { newId } from '@engawa/schema';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const handedBack = vi.fn();
const stillKeepable = vi.fn();
vi.mock('$app/env', () => ({ dev: false }));
vi.mock('./offline.remote.ts', () => ({ stillKeepable }));
vi.mock('./hand-back.ts', () => ({ handBack: handedBack }));
const { review } = await import('./device.ts');

const me = newId();
let stored: string[];
let marked: Set<string>;

beforeEach(() => {
  marked = new Set();
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('caches', {
    has: () => false,
    keys: () => [],
    open: () => ({
      keys: () => [...marked].map((name) => ({ url: `http://localhost/${name}` })),
      delete: (path: string) => marked.delete(path.slice(1)),
    }),
  });
  vi.stubGlobal('indexedDB', {
    databases: async () => stored.map((name) => ({ name })),
    deleteDatabase: (name: string) => {
      stored = stored.filter((other) => other !== name);
      const request: { onsuccess?: () => void } = {};
      queueMicrotask(() => request.onsuccess?.());
      return request;
    },
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetAllMocks();
});

const copyOf = (itemId: string, personId = me) => `engawa.${personId}.${itemId}.1`;
/** The server lets everything stay but these. */
function refuse(...refused: string[]): void {
  stillKeepable.mockImplementation(async ({ ids }: { ids: string[] }) => {
    if (ids.length > 200) throw new Error('too many');
    return ids.filter((id) => !refused.includes(id)).map((id) => ({ id, until: null }));
  });
}

test('more copies than are asked about at once: only what was refused is forgotten', async () => {
  const ids = Array.from({ length: 450 }, () => newId());
  stored = ids.map((id) => copyOf(id));
  refuse(ids[1]!, ids[449]!);
  await review(me);
  expect(stored).toEqual(ids.filter((_, i) => i !== 1 && i !== 449).map((id) => copyOf(id)));
});

test('when the server does not answer for all of them, nothing is forgotten', async () => {
  stored = Array.from({ length: 201 }, () => copyOf(newId()));
  stillKeepable.mockResolvedValueOnce([]).mockRejectedValueOnce({ status: 503 });
  await review(me);
  expect(stored).toHaveLength(201);
});

test('one’s own unsent words are handed back before their copy goes; another’s unsent copy stays', async () => {
  const [mine, sent, others] = [newId(), newId(), newId()];
  const theirs = copyOf(others, newId());
  stored = [copyOf(mine), copyOf(sent), theirs];
  marked = new Set([copyOf(mine), theirs]);
  refuse(mine, sent);
  handedBack.mockImplementation(() => expect(stored).toContain(copyOf(mine)));
  await review(me);
  expect(handedBack).toHaveBeenCalledWith([copyOf(mine)]);
  expect(stored).toEqual([theirs]);
});
