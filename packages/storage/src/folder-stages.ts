import { randomBytes } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inBatches } from './batches.ts';
import { KeyTaken, NoSuchUpload } from './faults.ts';
import { codeOf, entries, giveName, makeFolders, onDisk, syncFolder, writeAll } from './files-on-disk.ts';
import { checkKey, type Part, type Staged, type Storage } from './storage.ts';

const MIB = 2 ** 20;
/** A power cut costs at most this much of an upload. */
const PART = 16 * MIB;

type Stages = Pick<Storage, 'beginUpload' | 'appendUpload' | 'completeUpload' | 'abortUpload' | 'sweep'>;

/**
 * Staged uploads as run files: each call of `appendUpload` writes a file of its own, so that a writer who was
 * overtaken and still writes can spoil nothing. A part's tag is the name of its run. An upload that was never
 * interrupted is one run, which only has to be given its name in the end.
 */
export function stageInFolder(staged: string, pathOf: (key: string) => string): Stages {
  const folderOf = ({ stage }: Pick<Staged, 'stage'>) => {
    if (!/^[0-9a-f]{32}$/.test(stage)) throw new Error('That is not the name of a stage.');
    return join(staged, `up.${stage}`);
  };

  return {
    async beginUpload(key) {
      checkKey(key);
      const stage = randomBytes(16).toString('hex');
      await onDisk(() => makeFolders(folderOf({ stage })));
      return stage;
    },

    appendUpload: (upload, last, body) => appendRun(folderOf(upload), upload.key, last, body),

    async completeUpload(upload, parts) {
      const folder = folderOf(upload);
      const path = pathOf(upload.key);
      return onDisk(async () => {
        const done = await sizeOf(path);
        if (done === null) await nameWhole(folder, path, upload, parts);
        else if (done !== upload.size) throw new KeyTaken(upload.key);
        await rm(folder, { recursive: true, force: true });
        const { size, mtime } = await stat(path);
        return { size, modified: mtime };
      });
    },

    async abortUpload(upload) {
      const folder = folderOf(upload);
      await onDisk(() => rm(folder, { recursive: true, force: true }));
    },

    async sweep(before) {
      let swept = 0;
      for (const name of await onDisk(() => entries(staged))) {
        const path = join(staged, name);
        if ((await newestIn(path)) >= before.getTime()) continue;
        await onDisk(() => rm(path, { recursive: true, force: true }));
        swept += 1;
      }
      return swept;
    },
  };
}

async function* appendRun(
  folder: string,
  key: string,
  last: Part | null,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Part> {
  const run = randomBytes(8).toString('hex');
  const batches = inBatches(body);
  const file = await onDisk(() => openRun(join(folder, run), key));
  let { n, start, size } = last ?? { n: 0, start: 0, size: 0 };
  let at = 0;
  let synced = 0;
  const part = async (): Promise<Part> => {
    await onDisk(() => file.sync());
    start += size;
    size = at - synced;
    synced = at;
    n += 1;
    return { n, start, size, tag: run };
  };
  try {
    await onDisk(() => syncFolder(folder));
    for (let batch = await batches.next(MIB); batch; batch = await batches.next(MIB)) {
      const { chunks } = batch;
      at = await onDisk(() => writeAll(file, chunks, at));
      if (at - synced >= PART) yield await part();
    }
    if (at > synced) yield await part();
    batches.rethrow();
  } finally {
    await batches.stop();
    await file.close();
    if (synced === 0) await rm(join(folder, run), { force: true });
  }
}

async function openRun(path: string, key: string) {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    throw codeOf(error) === 'ENOENT' ? new NoSuchUpload(key) : error;
  }
}

/** One run from the beginning only lacks its name; several are written into one file first. */
async function nameWhole(
  folder: string,
  path: string,
  { key, size }: Staged,
  parts: readonly Part[],
): Promise<void> {
  const stages = runsOf(parts);
  if (stages.reduce((sum, run) => sum + run.size, 0) !== size)
    throw new Error(`The parts of ${key} are not ${size} bytes.`);
  const [first, ...more] = stages;
  const made = !first || more.length > 0;
  const whole = made ? join(folder, `whole.${randomBytes(8).toString('hex')}`) : join(folder, first.tag);
  try {
    if (made) await joinRuns(folder, whole, stages);
    else await cutTo(whole, size);
  } catch (error) {
    throw codeOf(error) === 'ENOENT' ? new NoSuchUpload(key) : error;
  }
  await giveName(whole, path, key);
}

/** What lies beyond was written but never remembered. */
async function cutTo(path: string, size: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    if ((await file.stat()).size < size) throw new Error(`The run ${path} is shorter than its parts.`);
    await file.truncate(size);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** How much of each run counts, in order. What a run holds beyond was never remembered by anybody. */
function runsOf(parts: readonly Part[]): { tag: string; size: number }[] {
  const runs: { tag: string; size: number }[] = [];
  for (const { tag, size } of parts) {
    const last = runs.at(-1);
    if (last?.tag === tag) last.size += size;
    else runs.push({ tag, size });
  }
  return runs;
}

async function joinRuns(folder: string, whole: string, runs: { tag: string; size: number }[]): Promise<void> {
  const target = await open(whole, 'wx', 0o600);
  try {
    const buffer = Buffer.allocUnsafe(MIB);
    let at = 0;
    for (const { tag, size } of runs) {
      const source = await open(join(folder, tag), 'r');
      try {
        for (let done = 0; done < size;) {
          const { bytesRead } = await source.read(buffer, 0, Math.min(MIB, size - done), done);
          if (bytesRead === 0) throw new Error(`The run ${tag} ends ${size - done} bytes too early.`);
          at = await writeAll(target, [buffer.subarray(0, bytesRead)], at);
          done += bytesRead;
        }
      } finally {
        await source.close();
      }
    }
    await target.sync();
  } finally {
    await target.close();
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** When anything in it was last written to, in milliseconds. */
async function newestIn(path: string): Promise<number> {
  let newest = 0;
  for (const at of [path, ...(await entries(path)).map((name) => join(path, name))]) {
    newest = Math.max(
      newest,
      await stat(at)
        .then(({ mtimeMs }) => mtimeMs)
        .catch(() => 0),
    );
  }
  return newest;
}
