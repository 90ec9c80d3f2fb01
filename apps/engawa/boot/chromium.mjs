import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { environment, root, say } from './prepare.mjs';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** Makes sure there is a Chromium for the browser tests. Null when there is, else why not. */
export function bringChromium(node) {
  if (process.env.CHROMIUM || SYSTEM.some((file) => existsSync(file)) || ofPlaywright(node)) return null;
  say('Installing Chromium for the browser tests …');
  const installed = isDebian() && process.getuid?.() === 0 ? fromDebian() : fromPlaywright(node);
  if (installed) return null;
  return 'Chromium could not be installed: install it by your system, or set CHROMIUM to the path of one.';
}

/** Debian's own comes with the libraries it needs, and with fonts that have Japanese. */
function fromDebian() {
  const apt = (...args) =>
    spawnSync('apt-get', args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  return (
    apt('update', '-q') && apt('install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-noto-cjk')
  );
}

function fromPlaywright(node) {
  return (
    spawnSync('playwright', ['install', 'chromium'], { cwd: root, stdio: 'inherit', env: environment(node) })
      .status === 0
  );
}

function ofPlaywright(node) {
  const code =
    "import('@playwright/test').then(({ chromium }) => process.stdout.write(chromium.executablePath()))";
  const { stdout } = spawnSync(node, ['--input-type=module', '-e', code], { cwd: root, encoding: 'utf8' });
  return Boolean(stdout) && existsSync(stdout);
}

function isDebian() {
  try {
    return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}
