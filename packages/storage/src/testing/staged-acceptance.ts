import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { NoSuchUpload } from '../faults.ts';
import { newBlobKey, type Part, type Staged, type Storage } from '../storage.ts';

const SPACE = '0199c0de-0000-7000-8000-000000000001';
const MIB = 2 ** 20;

async function* chunked(bytes: Uint8Array, size = 64 * 1024): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* breaking(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield* chunked(bytes);
  throw new Error('the line went dead');
}

/** Appends and remembers the parts as a row of the database would. */
export async function appendAll(
  storage: Storage,
  staged: Staged,
  parts: Part[],
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  for await (const part of storage.appendUpload(staged, parts.at(-1) ?? null, body)) {
    const last = parts.at(-1);
    expect(part.start).toBe(last?.n === part.n ? last.start : (last?.start ?? 0) + (last?.size ?? 0));
    if (last?.n === part.n) parts.pop();
    parts.push(part);
  }
}

const received = (parts: Part[]) => parts.reduce((sum, part) => sum + part.size, 0);

/** Uploads that arrive bit by bit. The same for every adapter. */
export function stagedAcceptance(storage: () => Storage): void {
  const begin = async (size: number): Promise<Staged> => {
    const key = newBlobKey(SPACE);
    return { key, size, stage: await storage().beginUpload(key) };
  };
  const expectWhole = async (key: string, bytes: Uint8Array) => {
    const hash = createHash('sha256');
    for await (const chunk of await storage().get(key)) hash.update(chunk as Uint8Array);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
  };

  test('staged: arrives in one go, and nothing is visible before it is complete', async () => {
    const bytes = randomBytes(21 * MIB + 7);
    const staged = await begin(bytes.length);
    const parts: Part[] = [];
    await appendAll(storage(), staged, parts, chunked(bytes));
    expect(received(parts)).toBe(bytes.length);
    expect(await storage().stat(staged.key)).toBeNull();
    expect(await storage().completeUpload(staged, parts)).toMatchObject({ size: bytes.length });
    await expectWhole(staged.key, bytes);
    expect(await storage().completeUpload(staged, parts)).toMatchObject({ size: bytes.length });
  });

  test('staged: breaks off anywhere and goes on at another node, losing nothing that had come', async () => {
    const bytes = randomBytes(30 * MIB);
    const staged = await begin(bytes.length);
    const parts: Part[] = [];
    for (const end of [10, 3 * MIB, 3 * MIB + 1, 8 * MIB, 17 * MIB + 5, 30 * MIB - 1]) {
      const rest = bytes.subarray(received(parts), end);
      await expect(appendAll(storage(), staged, parts, breaking(rest))).rejects.toThrow('the line went dead');
      expect(received(parts)).toBe(end);
    }
    await appendAll(storage(), staged, parts, chunked(bytes.subarray(received(parts))));
    await storage().completeUpload(staged, parts);
    await expectWhole(staged.key, bytes);
    const keys: string[] = [];
    for await (const key of storage().list(`${SPACE}/`)) keys.push(key);
    expect(keys).toEqual([staged.key]);
  });

  test('staged: what was sent but never remembered is sent again', async () => {
    const bytes = randomBytes(40 * MIB);
    const staged = await begin(bytes.length);
    const parts: Part[] = [];
    // The process dies before the second part has been written down.
    for await (const part of storage().appendUpload(staged, null, chunked(bytes))) {
      if (parts.length === 1) break;
      parts.push(part);
    }
    await appendAll(storage(), staged, parts, chunked(bytes.subarray(received(parts))));
    await storage().completeUpload(staged, parts);
    await expectWhole(staged.key, bytes);
  });

  test('staged: a writer who was overtaken spoils nothing', async () => {
    const bytes = randomBytes(20 * MIB);
    const staged = await begin(bytes.length);
    const parts: Part[] = [];
    const stale = storage().appendUpload(staged, null, chunked(bytes))[Symbol.asyncIterator]();
    await stale.next();
    await appendAll(storage(), staged, parts, chunked(bytes));
    await stale.next();
    await stale.return?.();
    await storage().completeUpload(staged, parts);
    await expectWhole(staged.key, bytes);
  });

  test('staged: zero bytes, and one', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('x')]) {
      const staged = await begin(bytes.length);
      const parts: Part[] = [];
      await appendAll(storage(), staged, parts, chunked(bytes));
      expect(await storage().completeUpload(staged, parts)).toMatchObject({ size: bytes.length });
      await expectWhole(staged.key, bytes);
    }
  });

  test('staged: does not complete with fewer bytes than were promised', async () => {
    const staged = await begin(5);
    const parts: Part[] = [];
    await appendAll(storage(), staged, parts, chunked(Buffer.from('four')));
    await expect(storage().completeUpload(staged, parts)).rejects.toThrow('not 5 bytes');
    expect(await storage().stat(staged.key)).toBeNull();
  });

  test('staged: after an abort nothing is left and nothing goes on', async () => {
    const staged = await begin(100);
    const parts: Part[] = [];
    await appendAll(storage(), staged, parts, chunked(Buffer.from('begun')));
    await storage().abortUpload(staged, parts);
    await storage().abortUpload(staged, parts);
    const keys: string[] = [];
    for await (const key of storage().list('')) keys.push(key);
    expect(keys).toEqual([]);
    const rest = appendAll(storage(), { ...staged, size: 9 }, parts, chunked(Buffer.from('more')));
    await expect(rest).rejects.toThrow(NoSuchUpload);
    await expect(storage().completeUpload({ ...staged, size: 5 }, parts)).rejects.toThrow(NoSuchUpload);
  });

  test('staged: aborting after completion leaves the blob alone', async () => {
    const staged = await begin(3);
    const parts: Part[] = [];
    await appendAll(storage(), staged, parts, chunked(Buffer.from('abc')));
    await storage().completeUpload(staged, parts);
    await storage().abortUpload(staged, parts);
    expect(await storage().stat(staged.key)).toMatchObject({ size: 3 });
  });

  test('staged: nothing is read ahead of what the caller has taken', async () => {
    let pulled = 0;
    const endless = async function* () {
      for (;;) {
        pulled += MIB;
        yield Buffer.alloc(MIB);
      }
    };
    const parts = storage()
      .appendUpload(await begin(2 ** 40), null, endless())
      [Symbol.asyncIterator]();
    await parts.next();
    const before = pulled;
    await new Promise((done) => setTimeout(done, 100));
    expect(pulled - before).toBe(0);
    await parts.return?.();
  });
}
