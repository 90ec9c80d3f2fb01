// Runs MinIO for a test or a developer: `node infra/minio/serve.ts <folder> [port]`. It stops with its caller:
// when its input ends, by SIGTERM or SIGINT, and at the latest after ENGAWA_MINIO_MINUTES (60).
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { BINARY, isBuilt } from './build.ts';

const READY_WITHIN = 30_000;
const ACCOUNT = { MINIO_ROOT_USER: 'engawa', MINIO_ROOT_PASSWORD: 'engawa-engawa' };

/** The port itself when nobody has it (0: any). Somebody else's MinIO would answer as if it were ours. */
function freePort(port: number): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', () => fail(new Error(`Port ${port} is taken.`)));
    server.listen(port, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => done(free));
    });
  });
}

/** Starts it and resolves when it answers. Throws with what it said when it does not within 30 seconds. */
async function serve(
  folder: string,
  port: number,
): Promise<{ child: ChildProcess; lastWords: () => string }> {
  if (!(await isBuilt())) throw new Error('MinIO is not built yet: node infra/minio/build.ts');
  await mkdir(folder, { recursive: true });
  const child = spawn(BINARY, ['server', folder, '--address', `127.0.0.1:${port}`, '--quiet'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      ...ACCOUNT,
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
      // Longer than an upload may rest in Engawa; the default of one day would take it away over a weekend.
      MINIO_API_STALE_UPLOADS_EXPIRY: '216h',
      MINIO_CI_CD: '1',
    },
  });
  let said = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (text) => (said = (said + String(text)).slice(-4000)));
  const end = Date.now() + READY_WITHIN;
  while (Date.now() < end && child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/minio/health/ready`).catch(() => null);
    if (answer?.ok) return { child, lastWords: () => said };
    await new Promise((done) => setTimeout(done, 100));
  }
  child.kill('SIGKILL');
  throw new Error(`MinIO did not start on port ${port}.\n${said}`);
}

const [folder, port = '9000'] = process.argv.slice(2);
try {
  if (!folder) throw new Error('node infra/minio/serve.ts <folder> [port]');
  const free = await freePort(Number(port));
  const { child, lastWords } = await serve(folder, free);
  let stopping = false;
  const stop = () => {
    stopping = true;
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
  };
  child.on('exit', (code, signal) => {
    if (!stopping) console.error(`MinIO ended by itself (${code ?? signal}).\n${lastWords()}`);
    process.exit(code ?? 0);
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('exit', () => child.kill('SIGKILL'));
  process.stdin.on('end', stop).on('error', stop).resume();
  setTimeout(stop, Number(process.env.ENGAWA_MINIO_MINUTES ?? 60) * 60_000).unref();
  console.log(
    `s3://${ACCOUNT.MINIO_ROOT_USER}:${ACCOUNT.MINIO_ROOT_PASSWORD}@127.0.0.1:${free} pid ${child.pid}`,
  );
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
