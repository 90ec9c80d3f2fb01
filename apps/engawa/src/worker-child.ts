import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

const PROGRAM = new URL('./worker-process.ts', import.meta.url);
const STOP_MS = 10_000;
/** After this long alive, an end is news again and not a part of the same trouble. */
const SETTLED_MS = 60_000;

export interface WorkerChild {
  ready(): boolean;
  stop(): Promise<void>;
  /** At once, for a second Ctrl-C. */
  kill(): void;
}

/** Runs the worker as a child and starts it again when it dies, waiting 1 s, 2 s, 4 s … 30 s between. */
export function startWorkerChild(env: NodeJS.ProcessEnv, log: Logger): WorkerChild {
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let ready = false;
  let failures = 0;

  const begin = () => {
    const began = Date.now();
    // Its memory is its own: a bad job may end the worker, never the editing of documents.
    child = fork(PROGRAM, [], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.on('message', (message) => {
      if (message === 'ready') ready = true;
    });
    child.on('error', (err) => log.error({ err }, 'the worker could not be reached'));
    child.once('exit', (code, signal) => {
      child = null;
      ready = false;
      if (stopping) return;
      failures = Date.now() - began > SETTLED_MS ? 1 : failures + 1;
      const wait = Math.min(30_000, 500 * 2 ** failures);
      log.error({ code, signal, wait }, 'the worker ended; it is started again');
      timer = setTimeout(begin, wait);
    });
  };
  begin();

  return {
    ready: () => ready,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      if (!child) return;
      const ended = new Promise((done) => child?.once('exit', done));
      if (child.connected) child.send('stop');
      else child.kill('SIGTERM');
      await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })]);
      child?.kill('SIGKILL');
    },
    kill() {
      stopping = true;
      clearTimeout(timer);
      child?.kill('SIGKILL');
    },
  };
}
