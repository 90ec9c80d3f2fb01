import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './folder.ts';
import { Stop } from './stop.ts';

interface Holder {
  pid: number;
  /** When that process began, in the kernel's words: process ids are used again, this pair is not. */
  began: string;
  origin: string;
  since: string;
}

export interface Lock {
  /** What was found and cleared, as a sentence; null when there was nothing. */
  said: string | null;
  release(): void;
}

/** Takes the data folder for this process. Throws Stop when another living Engawa has it. */
export function takeLock(folder: string, origin: string): Lock {
  makeFolder(folder);
  const file = join(folder, 'lock');
  const own: Holder = {
    pid: process.pid,
    began: beginning(process.pid),
    origin,
    since: new Date().toISOString(),
  };
  let said: string | null = null;
  while (!claim(file, own)) {
    const holder = holderOf(folder);
    if (holder) {
      throw new Stop(
        `Engawa already runs on ${folder}: process ${holder.pid}, at ${holder.origin}. Stop it first, or set ENGAWA_DATA to another folder.`,
      );
    }
    said = clear(file) ?? said;
  }
  return { said, release: () => holderOf(folder)?.pid === process.pid && rmSync(file, { force: true }) };
}

/** The living Engawa that has this folder, or null. */
export function holderOf(folder: string): Holder | null {
  const holder = read(join(folder, 'lock'));
  return holder && holder.began === beginning(holder.pid) ? holder : null;
}

/** A link is made or not, never half; it fails when somebody else was first. */
function claim(file: string, own: Holder): boolean {
  const part = `${file}.${process.pid}`;
  writeFileSync(part, JSON.stringify(own), { mode: 0o600 });
  try {
    linkSync(part, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(part, { force: true });
  }
}

/** Takes a dead lock away. Moved before it is judged, so that of two starters only one clears it. */
function clear(file: string): string | null {
  const moved = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, moved);
  } catch {
    return null;
  }
  const holder = read(moved);
  const alive = holder !== null && holder.began === beginning(holder.pid);
  // The other starter was quicker: what we moved is its new lock.
  if (alive) linkSync(moved, file);
  rmSync(moved, { force: true });
  if (alive) return null;
  return `The last run${holder ? ` (process ${holder.pid})` : ''} was killed: its lock was cleared.`;
}

function read(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

/** Empty when there is no such process. */
function beginning(pid: number): string {
  try {
    if (process.platform !== 'linux') {
      process.kill(pid, 0);
      return 'alive';
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Field 22 of the line, 19 after the state. A zombie holds nothing.
    return state === 'Z' ? '' : `${fields[18]}`;
  } catch {
    return '';
  }
}
