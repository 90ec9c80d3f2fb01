import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './folder.ts';
import { Stop } from './stop.ts';

/**
 * The key of this instance, made once and kept beside the data, not in the database. Losing it ends links that are
 * still in mailboxes, nothing else.
 */
export function keyOf(folder: string): Uint8Array {
  const file = join(folder, 'key');
  makeFolder(folder);
  const text = read(file) ?? make(file);
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  throw new Stop(
    `${file} does not hold a key: put back the one from your backup, or delete the file to make a new one.`,
  );
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Written beside and linked: of two programs that start at once, both use the same key. */
function make(file: string): string {
  const part = `${file}.${process.pid}`;
  writeFileSync(part, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  try {
    linkSync(part, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(part, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}
