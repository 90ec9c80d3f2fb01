import { Thread } from '../thread.ts';
import type { Merged, MergeJob } from './merge-worker.ts';

/** A worker thread that merges states, so that encoding a large document never holds up typing. */
export class Merger {
  readonly #thread = new Thread<MergeJob, Merged>(new URL('./merge-worker.ts', import.meta.url));

  /** The merged state. Rejects when it cannot be merged, or the thread ends. */
  merge(state: Uint8Array | null, tail: Uint8Array[]): Promise<Merged> {
    return this.#thread.ask({ state, tail });
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }
}
