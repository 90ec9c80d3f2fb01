import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../../../apps/engawa/src/main.ts');

/** The real program, pages only, whose memory can be looked at from outside. */
export interface Program {
  origin: string;
  /** Bytes of memory it holds now. */
  rss(): number;
  /** Milliseconds of CPU it has used. */
  cpu(): number;
  stop(): Promise<void>;
}

export async function startProgram(databaseUrl: string, storageUrl: string): Promise<Program> {
  const data = mkdtempSync(join(tmpdir(), 'engawa-bench-upload-'));
  const port = await freePort();
  const child = spawn(process.execPath, [MAIN, 'start', '--roles', 'web'], {
    env: {
      ...process.env,
      // As infra/compose.yaml runs the pages.
      NODE_OPTIONS: '--max-semi-space-size=2',
      PORT: String(port),
      ORIGIN: `http://localhost:${port}`,
      ENGAWA_DATA: data,
      ENGAWA_KEY: '00'.repeat(32),
      DATABASE_URL: databaseUrl,
      STORAGE_URL: storageUrl,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const origin = `http://localhost:${port}`;
  while (!(await fetch(`${origin}/readyz`).catch(() => null))?.ok) {
    if (child.exitCode !== null)
      throw new Error('The program did not start. Is the web app built (`pnpm build`)?');
    await new Promise((done) => setTimeout(done, 100));
  }
  return {
    origin,
    rss: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) * 1024,
    cpu() {
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
      const [user, system] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13)
        .map(Number);
      return (user! + system!) * 10;
    },
    async stop() {
      child.kill('SIGINT');
      await ended;
      rmSync(data, { recursive: true, force: true });
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

/** The most that `measure` gives while `work` runs. */
export async function peakOf(measure: () => number, work: () => Promise<unknown>): Promise<number> {
  let peak = measure();
  const timer = setInterval(() => (peak = Math.max(peak, measure())), 25);
  await work().finally(() => clearInterval(timer));
  return Math.max(peak, measure());
}
