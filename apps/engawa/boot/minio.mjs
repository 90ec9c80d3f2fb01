import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { environment, root, say } from './prepare.mjs';

/** Builds MinIO for the tests of the object store, once, where there is Go. Without, those tests are skipped and say so. */
export function bringMinio(node) {
  if (spawnSync('go', ['version']).status !== 0) return;
  say('MinIO for the tests of the object store (built once, about ten minutes) …');
  const { status } = spawnSync(node, [join(root, 'infra/minio/build.ts')], {
    cwd: root,
    stdio: 'inherit',
    env: environment(node),
  });
  if (status !== 0) say('MinIO could not be built: its tests are skipped, or fail where they are required.');
}
