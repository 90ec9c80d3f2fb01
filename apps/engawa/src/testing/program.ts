import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from '@engawa/sync/testing';

export { freePort } from '@engawa/sync/testing';

const MAIN = join(import.meta.dirname, '../main.ts');

/** The real program as a child, which does not outlive the process of its test. */
export interface Program {
  child: ChildProcess;
  /** What it has written so far, stdout and stderr. */
  output(): string;
  /** Its exit code, once it has ended and all it wrote was read: a child of its own may still hold its output. */
  ended: Promise<number | null>;
  /** Resolves when the process itself is gone, whatever it leaves. */
  gone: Promise<unknown>;
  /** SIGKILL to it and to what it has started, its worker above all, as when a container ends. Resolves when it is gone. */
  kill(): Promise<unknown>;
}

/** Runs the program with nothing in its environment but what is given. */
export function runProgram(args: string[], env: Record<string, string>): Program {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that it can be killed with all that is in it.
    detached: true,
  });
  const orphan = () => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // All of it is gone.
    }
  };
  process.once('exit', orphan);
  let text = '';
  const collect = (part: Buffer) => (text += part.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = once(child, 'close').then(([code]) => {
    process.off('exit', orphan);
    return code as number | null;
  });
  const gone = once(child, 'exit');
  const kill = () => {
    orphan();
    return gone;
  };
  return { child, output: () => text, ended, gone, kill };
}

/** Waits until it answers that it is ready. */
export async function whenReady(program: Program, port: number): Promise<void> {
  const answers = async () => {
    if (program.child.exitCode !== null) throw new Error(program.output());
    return fetch(`http://127.0.0.1:${port}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
  };
  await until(answers, 90_000, () => `not ready: ${program.output()}`);
}
