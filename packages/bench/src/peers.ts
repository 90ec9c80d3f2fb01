// What we compare with is not installed with the product: 150 MB that only a bench needs. Each folder of `peers/` pins
// its versions and integrity in a lock file, and is installed beside the repository's caches when it is first wanted.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** Installs the peers of a bench, unless they are there. Returns their `node_modules`. Throws when npm cannot. */
export function installPeers(bench: 'sync' | 'board'): string {
  const pinned = join(import.meta.dirname, '../peers', bench);
  const hash = createHash('sha256').update(readFileSync(join(pinned, 'package-lock.json')));
  const folder = join(root, '.cache/bench', `${bench}-${hash.digest('hex').slice(0, 12)}`);
  const modules = join(folder, 'node_modules');
  const done = join(folder, 'installed');
  if (existsSync(done)) return modules;
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(join(pinned, file), join(folder, file));
  console.error(`Installing the peers of bench ${bench}, once …`);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', ['ci', ...quiet], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('The peers could not be installed: the lines above say why.');
  writeFileSync(done, '');
  return modules;
}
