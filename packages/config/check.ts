// Runs every check but the browser's, one after another: `pnpm check`. `npm test` also sets up and runs the browser.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  packageManager: string;
};
const parts = ['check:format', 'check:lint', 'check:types', 'check:imports', 'test:unit', 'test:db'];
const failed: string[] = [];

for (const part of parts) {
  const started = Date.now();
  const { status, stdout, stderr } = spawnSync('npx', ['--yes', packageManager, '--silent', 'run', part], {
    cwd: root,
    encoding: 'utf8',
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${part} (${seconds} s)`);
  if (status === 0) continue;
  failed.push(part);
  console.log(`${stdout}${stderr}`.trimEnd());
}
if (failed.length > 0) {
  console.log(`\nFailed: ${failed.join(', ')}. Each can be run alone by pnpm.`);
  process.exitCode = 1;
}
