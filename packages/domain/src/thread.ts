import { parentPort, Worker, type ResourceLimits } from 'node:worker_threads';

export interface ThreadOptions {
  /** Milliseconds after which a question without an answer ends the thread. Without it, as long as it takes. */
  patience?: number;
  resourceLimits?: ResourceLimits;
}

interface Numbered<Question> {
  id: number;
  question: Question;
}

type Reply<Answer> = { id: number; answer: Answer } | { id: number; error: string };

/**
 * A worker thread that is asked, and answers by number. When it ends, whoever waits is told so, and the next question
 * starts another. It keeps no process alive.
 */
export class Thread<Question, Answer> {
  readonly #script: URL;
  readonly #options: ThreadOptions;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  #worker: Worker | null = null;
  #last = 0;

  /** `script` calls `answering`. */
  constructor(script: URL, options: ThreadOptions = {}) {
    this.#script = script;
    this.#options = options;
  }

  /** Rejects when the script threw, or the thread ended. */
  async ask(question: Question): Promise<Answer> {
    const worker = (this.#worker ??= this.#start());
    const id = (this.#last += 1);
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting.set(id, waiting);
    const { patience } = this.#options;
    const timer = patience === undefined ? undefined : setTimeout(() => void worker.terminate(), patience);
    worker.postMessage({ id, question } satisfies Numbered<Question>);
    try {
      return await waiting.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const { resourceLimits = {} } = this.#options;
    const worker = new Worker(this.#script, { resourceLimits, execArgv: [] });
    worker.on('message', (reply: Reply<Answer>) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ('error' in reply) waiting?.reject(new Error(reply.error));
      else waiting?.resolve(reply.answer);
    });
    worker.on('error', () => {});
    worker.on('exit', (code) => {
      this.#worker = null;
      for (const waiting of this.#waiting.values()) waiting.reject(new Error(`the thread ended (${code})`));
      this.#waiting.clear();
    });
    // Last: listening to a thread keeps the process alive for it again.
    worker.unref();
    return worker;
  }
}

/** The other side of a Thread: answers what is asked. */
export function answering<Question, Answer>(answer: (question: Question) => Answer | Promise<Answer>): void {
  parentPort!.on('message', async ({ id, question }: Numbered<Question>) => {
    try {
      parentPort!.postMessage({ id, answer: await answer(question) } satisfies Reply<Answer>);
    } catch (error) {
      parentPort!.postMessage({ id, error: String(error) } satisfies Reply<Answer>);
    }
  });
}
