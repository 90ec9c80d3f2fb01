import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@engawa/db';
import { processesOf } from '@engawa/db/testing';
import { freePort } from './free-port.ts';

/** A PostgreSQL of a test alone, to be killed and stopped. It keeps its address. */
export interface OwnPostgres {
  url: string;
  /** SIGKILL to its first process; the others follow, or are cleared by `start`. */
  kill(): void;
  /** SIGKILL to one of the processes that serve connections: it takes all down and recovers by itself. */
  killBackend(): boolean;
  start(): Promise<void>;
  /** SIGSTOP to every process of it: it is there, and answers nothing. */
  pause(): void;
  resume(): void;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

export async function ownPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'engawa-own-postgres-'));
  const data = join(folder, 'data');
  const port = await freePort();
  let server = await startPostgres({ folder, port });
  const all = (signal: NodeJS.Signals) => processesOf(data).forEach((pid) => send(pid, signal));
  // However the test ends, none is left, and none stands still.
  const orphans = () => all('SIGKILL');
  process.once('exit', orphans);
  return {
    url: server.url,
    kill: () => send(postmasterOf(data), 'SIGKILL'),
    killBackend() {
      const postmaster = postmasterOf(data);
      const backend = processesOf(data).find(
        (pid) => pid !== postmaster && /postgres: engawa /.test(title(pid)),
      );
      return backend !== undefined && send(backend, 'SIGKILL');
    },
    async start() {
      server = await startPostgres({ folder, port });
    },
    pause: () => all('SIGSTOP'),
    resume: () => all('SIGCONT'),
    async stop() {
      all('SIGCONT');
      await server.stop();
      process.off('exit', orphans);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const postmasterOf = (data: string): number =>
  Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);

function title(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

/** False when it has ended meanwhile. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
