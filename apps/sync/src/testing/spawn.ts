import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface SpawnedNode {
  url: string;
  pid: number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface SpawnOptions {
  databaseUrl: string;
  /** A free one, when it is not said. */
  port?: number;
  /** A module that is loaded before the node. */
  preload?: URL;
  env?: Record<string, string>;
}

/** Starts a sync node in a process of its own; resolves when it listens. */
export async function spawnNode({ databaseUrl, port = 0, preload, env }: SpawnOptions): Promise<SpawnedNode> {
  const main = fileURLToPath(new URL('./node.ts', import.meta.url));
  const child = spawn(process.execPath, [...(preload ? ['--import', preload.href] : []), main], {
    env: { ...process.env, ...env, DATABASE_URL: databaseUrl, PORT: String(port), NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // However the test ends, no process outlives it.
  const orphan = () => child.kill('SIGKILL');
  process.once('exit', orphan);
  const gone = new Promise<number | null>((done) => child.once('exit', done)).finally(() =>
    process.off('exit', orphan),
  );
  const url = await new Promise<string>((done, fail) => {
    child.stdout.once('data', (line: Buffer) => done(line.toString().trim()));
    void gone.then((code) => fail(new Error(`The node ended before it listened (${code})`)));
  });
  return {
    url,
    pid: child.pid!,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      child.kill('SIGTERM');
      return gone;
    },
  };
}
