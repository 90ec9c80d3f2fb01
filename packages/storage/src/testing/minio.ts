import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PLACE = join(import.meta.dirname, '../../../../infra/minio');

export interface Minio {
  /** `127.0.0.1:<port>`. */
  host: string;
  port: number;
  pid: number;
  /** The STORAGE_URL of a bucket, straight or by way of another address, such as a proxy's. */
  url(bucket: string, host?: string): string;
  stop(): Promise<void>;
  /** As a power cut would: nothing is written any more. */
  kill(): Promise<void>;
}

/** Whether it has been built. */
export async function hasMinio(): Promise<boolean> {
  const { BINARY } = (await import(join(PLACE, 'build.ts'))) as { BINARY: string };
  return existsSync(BINARY);
}

/**
 * Starts a real MinIO on this folder, at 127.0.0.1 and a free port unless one is given. A folder of before keeps
 * what it held. It answers when this resolves, and ends with this process whatever happens to it.
 */
export async function startMinio({ folder, port = 0 }: { folder: string; port?: number }): Promise<Minio> {
  const child = spawn(process.execPath, [join(PLACE, 'serve.ts'), folder, String(port)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += String(text);
    process.stderr.write(text);
  });
  const ended = once(child, 'exit');
  const line = await new Promise<string>((done, fail) => {
    createInterface(child.stdout).once('line', done);
    child.once('exit', () => fail(new Error(`MinIO did not start. ${said}`)));
  });
  const [base = '', , pid = ''] = line.split(' ');
  const { host } = new URL(base.replace('s3:', 'http:'));
  return {
    host,
    port: Number(host.split(':')[1]),
    pid: Number(pid),
    url: (bucket, by = host) => `${base.replace(host, by)}/${bucket}`,
    async stop() {
      child.stdin.end();
      await ended;
    },
    async kill() {
      process.kill(Number(pid), 'SIGKILL');
      await ended;
    },
  };
}
