import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Stop } from './stop.ts';

/**
 * Makes the data folder and those above it, where they are missing. Throws Stop when nothing can be written there.
 * Node's own recursive `mkdir` never returns below a folder like /proc, in which nothing can be found or made (24.21).
 */
export function makeFolder(folder: string): void {
  try {
    const missing: string[] = [];
    for (let at = resolve(folder); !existsSync(at); at = dirname(at)) missing.unshift(at);
    for (const at of missing) makeOne(at);
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error('a file'), { code: 'ENOTDIR' });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Stop(
      `Nothing can be written in the data folder ${folder}: ${reasonOf(error)}. Give its user the right to, or set ENGAWA_DATA to another folder.`,
      { cause: error },
    );
  }
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another program that starts may have been quicker; what cannot be looked into shows itself one step below.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Why nothing can be written, in a few words. */
function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a file is in its place';
  if (code === 'ENOENT') return 'no folder can be made there';
  return `the system says ${code}`;
}
