import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { instance } from './instance.ts';

const MAIN = new URL('../../engawa/src/main.ts', import.meta.url).pathname;

/** One more program on the database of the one under test, with pages only and a store of its own choice. */
export interface Node {
  port: number;
  /** As a power cut would: nothing is finished, nothing is said. */
  kill(): Promise<void>;
}

export interface NodeOptions {
  storageUrl: string;
  port?: number;
  /** The address people use; its own where none is given. */
  origin?: string;
}

export async function startNode({ storageUrl, port, origin }: NodeOptions): Promise<Node> {
  const at = port ?? (await freePort());
  const { databaseUrl, key, folder } = instance();
  const program = spawn(process.execPath, [MAIN, 'start', '--roles', 'web'], {
    env: {
      ...process.env,
      PORT: String(at),
      ORIGIN: origin ?? `http://localhost:${at}`,
      DATABASE_URL: databaseUrl,
      ENGAWA_KEY: key,
      ENGAWA_DATA: join(folder, 'nodes'),
      STORAGE_URL: storageUrl,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const output of [program.stdout, program.stderr]) output.on('data', (part) => (said += String(part)));
  const ended = once(program, 'exit');
  for (;;) {
    if (program.exitCode !== null) throw new Error(`The node did not start:\n${said}`);
    if ((await fetch(`http://127.0.0.1:${at}/readyz`).catch(() => null))?.ok) break;
    await new Promise((done) => setTimeout(done, 50));
  }
  return {
    port: at,
    async kill() {
      program.kill('SIGKILL');
      await ended;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
