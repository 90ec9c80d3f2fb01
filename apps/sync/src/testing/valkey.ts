import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { until } from './client.ts';
import { freePort } from './free-port.ts';

/** The server that this machine has: Valkey, or Redis, which speaks the same. Null when it has neither. */
export const VALKEY = ['valkey-server', 'redis-server'].find((program) => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

/** Why tests are left out, said once where they are. */
export function sayWithoutValkey(what: string): void {
  if (!VALKEY) console.warn(`SKIPPED ${what}: install valkey-server (or redis-server) to run it.`);
}

export interface TestValkey {
  url: string;
  /** SIGKILL; resolves when it is gone. Whoever started it does this in the end. */
  kill(): Promise<void>;
  /** On the same port again, empty. */
  start(): Promise<void>;
}

/** A Valkey in memory alone, on a free port, which does not outlive the process of its test. */
export async function startValkey(): Promise<TestValkey> {
  const port = await freePort();
  let child: ChildProcess | null = null;
  const start = async () => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    child = spawn(VALKEY!, args, { stdio: 'ignore', cwd: '/tmp' });
    await until(() => answers(port), 20_000);
  };
  const kill = async () => {
    const gone = child && once(child, 'exit');
    child?.kill('SIGKILL');
    await gone;
    child = null;
  };
  process.once('exit', () => child?.kill('SIGKILL'));
  await start();
  return { url: `redis://127.0.0.1:${port}`, kill, start };
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', () => {
      done(true);
      socket.destroy();
    });
    socket.once('error', () => done(false));
  });
}
