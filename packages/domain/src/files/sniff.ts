import { Worker } from 'node:worker_threads';

const PATIENCE = 5_000;

interface Asked {
  done: (mime: string | null) => void;
  timer: NodeJS.Timeout;
}

let worker: Worker | null = null;
let last = 0;
const asked = new Map<number, Asked>();

/** The type that the first bytes show, null when they show none, or when looking takes longer than five seconds. */
export function sniff(bytes: Uint8Array): Promise<string | null> {
  worker ??= start();
  const id = (last += 1);
  return new Promise((done) => {
    const timer = setTimeout(() => void worker?.terminate(), PATIENCE);
    asked.set(id, { done, timer });
    worker!.postMessage({ id, bytes });
  });
}

function start(): Worker {
  const made = new Worker(new URL('./sniffer.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 64 },
    execArgv: [],
  });
  made.on('message', ({ id, mime }: { id: number; mime: string | null }) => answer(id, mime));
  made.on('error', () => {});
  // Whatever it died of, what was asked remains without a type, and the next question starts another.
  made.on('exit', () => {
    if (worker === made) worker = null;
    for (const id of [...asked.keys()]) answer(id, null);
  });
  // Last: listening to a thread keeps the process alive for it again.
  made.unref();
  return made;
}

function answer(id: number, mime: string | null): void {
  const question = asked.get(id);
  if (!question) return;
  asked.delete(id);
  clearTimeout(question.timer);
  question.done(mime);
}
