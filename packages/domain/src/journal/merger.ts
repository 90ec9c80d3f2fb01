import { Worker } from 'node:worker_threads';
import type { Merged, MergeJob, MergeResult } from './merge-worker.ts';

type Waiting = PromiseWithResolvers<Merged>;

/** A worker thread that merges states, so that encoding a large document never holds up typing. */
export class Merger {
  #worker: Worker | null = null;
  #waiting = new Map<number, Waiting>();
  #next = 1;

  /** The merged state. Rejects when the worker fails; the next call starts a new one. */
  merge(state: Uint8Array | null, tail: Uint8Array[]): Promise<Merged> {
    this.#worker ??= this.#start();
    const id = this.#next++;
    const waiting = Promise.withResolvers<Merged>();
    this.#waiting.set(id, waiting);
    this.#worker.postMessage({ id, state, tail } satisfies MergeJob);
    return waiting.promise;
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./merge-worker.ts', import.meta.url));
    worker.on('message', (result: MergeResult) => {
      const waiting = this.#waiting.get(result.id);
      this.#waiting.delete(result.id);
      if ('state' in result) waiting?.resolve(result);
      else waiting?.reject(new Error(result.error));
    });
    worker.on('error', () => {});
    worker.on('exit', (code) => {
      this.#worker = null;
      for (const waiting of this.#waiting.values())
        waiting.reject(new Error(`the merging thread ended (${code})`));
      this.#waiting.clear();
    });
    // Last: listening to a thread keeps the process alive for it again.
    worker.unref();
    return worker;
  }
}
