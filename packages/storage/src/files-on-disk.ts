import { type FileHandle, link, mkdir, open, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isStorageFault, KeyTaken, StorageFull, StorageUnavailable } from './faults.ts';

export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | null)?.code;

const DISK = /^E(IO|ROFS|ACCES|PERM|NODEV|NXIO|STALE|MFILE|NFILE|NOTDIR|NOENT|TIMEDOUT)$/;

/** What the file system says, in the words of the port. Errors that are none of its own pass unchanged. */
export function diskFault(error: unknown): unknown {
  const code = codeOf(error);
  if (isStorageFault(error) || !code || !(error as NodeJS.ErrnoException).syscall) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new StorageFull(error);
  return DISK.test(code) ? new StorageUnavailable((error as Error).message, error) : error;
}

/** Runs `work` and translates what the file system throws. */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskFault(error);
  }
}

/** Writes all of them; one call of the system may write less. */
export async function writeAll(file: FileHandle, chunks: Uint8Array[], position: number): Promise<number> {
  const size = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const { bytesWritten } = await file.writev(chunks, position);
  if (bytesWritten < size) {
    let rest = Buffer.concat(chunks).subarray(bytesWritten);
    let at = position + bytesWritten;
    while (rest.byteLength > 0) {
      const written = (await file.write(rest, 0, rest.byteLength, at)).bytesWritten;
      rest = rest.subarray(written);
      at += written;
    }
  }
  return position + size;
}

/** A new name is on disk only when its folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Makes a folder and those above it where they are missing. Node's own recursive `mkdir` never returns below a folder
 * like /proc, in which nothing can be found or made (24.21).
 */
export async function makeFolders(folder: string): Promise<void> {
  const make = () =>
    mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  try {
    await make();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolders(dirname(folder));
    await make();
  }
}

/** Names in a folder, sorted; none when it is not there. */
export async function entries(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** Unlike a rename, a link fails when the name is taken, whoever wrote it and whenever. */
export async function giveName(part: string, path: string, key: string): Promise<void> {
  const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await link(part, path);
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? new KeyTaken(key) : error;
  }
  await syncFolder(dirname(path));
  if (made) await syncFolder(dirname(dirname(path)));
}
