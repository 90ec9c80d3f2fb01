import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What PostgreSQL writes into postmaster.pid (see "pidfile.h" of PostgreSQL: one value a line). */
export interface PidFile {
  pid: number;
  port: number;
  status: string;
}

/** Reads `postmaster.pid`, or null when there is none or it was written only in part. */
export function readPidFile(data: string): PidFile | null {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Math.abs(Number(lines[0]));
    if (!Number.isInteger(pid) || pid === 0) return null;
    return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() };
  } catch {
    return null;
  }
}

/** Is that process id taken? Also by a zombie, a process that ended and that nobody has reaped. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Is there a process of that id that still runs? A zombie does not (containers often have nobody who reaps). */
export function isAlive(pid: number): boolean {
  if (!isTaken(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    // "pid (name) state …": the name may hold spaces and parentheses, the state follows the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

/** Is that process a PostgreSQL working in this data folder? Ids are used again, so the id alone proves nothing. */
export function isPostgresOf(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false;
  try {
    if (process.platform === 'linux') {
      return (
        readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data) &&
        /\/postgres( \(deleted\))?$/.test(readlinkSync(`/proc/${pid}/exe`))
      );
    }
    const command = execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
    return command.includes('postgres') && command.includes(data);
  } catch {
    return false;
  }
}

/** Processes of this data folder that outlived their postmaster. PostgreSQL will not start beside them. */
export function orphansOf(data: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 1 && isPostgresOf(pid, data));
}

/** Waits until none of the processes runs; false when `milliseconds` passed first. */
export async function gone(pids: number[], milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (pids.some(isAlive)) {
    if (Date.now() > end) return false;
    await sleep(20);
  }
  return true;
}

/** Sends a signal; a process that ended meanwhile is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
