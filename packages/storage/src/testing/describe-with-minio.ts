import { describe } from 'vitest';
import { hasMinio } from './minio.ts';

/**
 * A block of tests that needs MinIO. Where it has not been built they are skipped, and say so;
 * with ENGAWA_REQUIRE_MINIO=1 they fail instead.
 */
export async function describeWithMinio(name: string, tests: () => void): Promise<void> {
  if (await hasMinio()) return void describe(name, tests);
  const why = 'MinIO is not built: node infra/minio/build.ts (needs Go)';
  if (process.env.ENGAWA_REQUIRE_MINIO === '1') throw new Error(`${name}: ${why}`);
  console.warn(`SKIPPED ${name}. ${why}`);
  describe.skip(`${name} (${why})`, tests);
}
