import { createHash, type Hash } from 'node:crypto';

const MOST = 2_000;
/** Of uploads whose every byte so far came through this process; the others are read back in the end. */
const running = new Map<string, { offset: number; hash: Hash }>();

/** The body of a chunk, hashed as it passes. `tooMuch` is thrown once it brings more than `room`, none of it passing. */
export function hashing(
  id: string,
  offset: number,
  room: number,
  body: AsyncIterable<Uint8Array>,
  tooMuch: () => Error,
): { body: AsyncIterable<Uint8Array>; settle: (durable: number) => void } {
  const before = running.get(id);
  running.delete(id);
  const hash = before?.offset === offset ? before.hash : offset === 0 ? createHash('sha256') : null;
  let passed = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      const fits = chunk.subarray(0, room - passed);
      hash?.update(fits);
      passed += fits.byteLength;
      if (fits.byteLength > 0) yield fits;
      if (fits.byteLength < chunk.byteLength) throw tooMuch();
    }
  }
  return {
    body: counted(),
    /** Keeps the hash for the next chunk when everything that was hashed is durable. */
    settle(durable) {
      if (!hash || durable !== offset + passed) return;
      if (running.size >= MOST) running.delete(running.keys().next().value!);
      running.set(id, { offset: durable, hash });
    },
  };
}

/** The hash of the whole upload when this process saw all of it, else null. Asked for once. */
export function hashOfWhole(id: string, size: number): string | null {
  const known = running.get(id);
  running.delete(id);
  if (size === 0) return createHash('sha256').digest('hex');
  return known?.offset === size ? known.hash.digest('hex') : null;
}

export function forgetHash(id: string): void {
  running.delete(id);
}
