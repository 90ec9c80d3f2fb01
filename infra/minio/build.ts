// Builds MinIO from its source, once: `node infra/minio/build.ts`. The binary stays in .cache/minio/<version>/.
import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/**
 * The last commit of github.com/minio/minio, of 2026-02-12, four months after its last tag
 * (RELEASE.2025-10-15T17-29-55Z): no binaries and no images are published any more, building is the official way.
 */
export const VERSION = 'v0.0.0-20260212201848-7aac2a2c5b7c';

/** Where the binary is, or will be. `ENGAWA_MINIO` names one that is already there. */
export const BINARY = process.env.ENGAWA_MINIO ?? join(ROOT, '.cache/minio', VERSION, 'minio');

export async function isBuilt(): Promise<boolean> {
  return access(BINARY).then(
    () => true,
    () => false,
  );
}

/** Builds it unless it is there. Takes about ten minutes on two cores and needs Go ≥ 1.24.8. Returns its path. */
export async function build(): Promise<string> {
  if (await isBuilt()) return BINARY;
  if (process.env.ENGAWA_MINIO) throw new Error(`ENGAWA_MINIO names ${BINARY}, and there is nothing.`);
  const folder = join(BINARY, '..');
  await mkdir(folder, { recursive: true });
  const bench = await mkdtemp(join(folder, 'build-'));
  try {
    await go(['install', '-trimpath', '-buildvcs=false', `github.com/minio/minio@${VERSION}`], bench);
    // Of two who build at once both give it its name, and both built the same.
    await rename(join(bench, 'minio'), BINARY);
  } finally {
    await rm(bench, { recursive: true, force: true });
  }
  return BINARY;
}

function go(args: string[], bin: string): Promise<void> {
  const env = { ...process.env, GOBIN: bin, GOFLAGS: `${process.env.GOFLAGS ?? ''} -p=1`.trim() };
  return new Promise((done, fail) => {
    const child = spawn('go', args, { stdio: 'inherit', env });
    child.on('error', () =>
      fail(new Error('MinIO is built with Go, and there is no `go` here: https://go.dev/dl')),
    );
    child.on('exit', (code) => (code === 0 ? done() : fail(new Error(`go ${args[0]} ended with ${code}.`))));
  });
}

if (import.meta.main) {
  try {
    console.log(await build());
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
