/** What a body brought: bytes in handy amounts, then how it ended. */
export interface Batch {
  chunks: Uint8Array[];
  size: number;
}

export interface Batches {
  /** The next bytes, at most `most`; null at the end of the body, also when it broke. */
  next(most: number): Promise<Batch | null>;
  /** Throws what broke the body, if anything did. */
  rethrow(): void;
  /** Tells the body that no more is wanted. */
  stop(): Promise<void>;
}

/**
 * Reads a body in batches of up to a given size, cutting chunks where needed. An error of the body is kept for
 * `rethrow`, so that what came before it can be made durable first.
 */
export function inBatches(body: AsyncIterable<Uint8Array>): Batches {
  const source = body[Symbol.asyncIterator]();
  let rest: Uint8Array | null = null;
  let ended = false;
  let failure: { error: unknown } | null = null;

  async function pull(): Promise<Uint8Array | null> {
    if (rest) {
      const chunk = rest;
      rest = null;
      return chunk;
    }
    if (ended) return null;
    try {
      const { done, value } = await source.next();
      if (!done) return value;
    } catch (error) {
      failure = { error };
    }
    ended = true;
    return null;
  }

  return {
    async next(most) {
      const batch: Batch = { chunks: [], size: 0 };
      while (batch.size < most) {
        const chunk = await pull();
        if (!chunk) break;
        const fits = chunk.subarray(0, most - batch.size);
        if (fits.byteLength < chunk.byteLength) rest = chunk.subarray(fits.byteLength);
        if (fits.byteLength > 0) batch.chunks.push(fits);
        batch.size += fits.byteLength;
      }
      return batch.size > 0 ? batch : null;
    },
    rethrow() {
      if (failure) throw failure.error;
    },
    async stop() {
      if (!ended) await source.return?.();
      ended = true;
    },
  };
}
