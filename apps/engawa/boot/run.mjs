import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { environment, root } from './prepare.mjs';

/** Runs Engawa's own program. Signals go through to it, and its exit code is ours. */
export function runEngawa(node, args) {
  // The channel tells the program when this script was killed: then it drains and ends too.
  const child = spawn(node, [join(root, 'apps/engawa/src/main.ts'), ...args], {
    env: environment(node),
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(`engawa: ${node} could not be run (${error.message}).`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    if (signal) process.kill(process.pid, signal);
    else process.exit(code ?? 1);
  });
}
