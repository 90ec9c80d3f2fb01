import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { appliedMigrations, dumpTables } from '@engawa/db';
import { deriveToken, holdingStore, storedObjects, type Services } from '@engawa/domain';
import { openFolderStorage } from '@engawa/storage';
import { Stop } from '../stop.ts';
import { copyObjects } from './copy-objects.ts';
import { LIST, listedObjects, listLine, OBJECTS, TABLES, writeManifest, type Manifest } from './manifest.ts';
import program from '../../package.json' with { type: 'json' };

export interface BackupOptions {
  services: Services;
  /** Must not be there yet, or be empty. */
  folder: string;
  /** Ends it early; what was written is removed. */
  signal: AbortSignal;
}

type Connection = Parameters<Parameters<typeof holdingStore>[1]>[0];

/**
 * Backs an instance up while it is used: the database at one moment, then every object that it refers to at that
 * moment. Written beside and renamed at the end, so that a folder of that name is a finished backup.
 */
export async function backup({ services, folder: wanted, signal }: BackupOptions): Promise<Manifest> {
  const folder = resolve(wanted);
  const there = await readdir(folder).catch(() => []);
  if (there.length > 0) throw new Stop(`${folder} is not empty: name a new folder for this backup.`);
  const part = `${folder}.unfinished-${process.pid}`;
  try {
    await makeFolders(part);
    const manifest = await holdingStore(services.sql, (connection) =>
      collect(connection, services, part, signal),
    );
    signal.throwIfAborted();
    await writeManifest(part, manifest);
    await onDisk(part);
    await rename(part, folder);
    await onDisk(dirname(folder));
    return manifest;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    if (signal.aborted) throw new Stop('Stopped. Nothing was kept of this backup.', { cause: error });
    throw error;
  }
}

async function makeFolders(part: string): Promise<void> {
  try {
    await mkdir(join(part, TABLES), { recursive: true, mode: 0o700 });
    await mkdir(join(part, OBJECTS), { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Stop(`Nothing can be written at ${part}: the system says ${code}.`, { cause: error });
  }
}

async function collect(
  connection: Connection,
  services: Services,
  part: string,
  signal: AbortSignal,
): Promise<Manifest> {
  const migrations = await appliedMigrations(connection);
  if (migrations.length === 0) throw new Stop('This database is empty: there is nothing to back up.');
  const { point, tables, sha256 } = await takePoint(connection, part);
  const to = openFolderStorage(join(part, OBJECTS));
  const copied = await copyObjects(listedObjects(part), { from: services.storage, to, signal });
  return {
    format: 1,
    engawa: program.version,
    point,
    migrations,
    tables,
    objects: { ...copied, sha256 },
    key: markOf(services),
  };
}

/** The database point. The transaction is as short as reading the tables is; files are copied after it. */
async function takePoint(connection: Connection, part: string) {
  await connection`begin isolation level repeatable read, read only`;
  try {
    const [row] = await connection<{ point: Date }[]>`select clock_timestamp() as point`;
    const tables = await dumpTables(connection, join(part, TABLES));
    const sha256 = await writeList(connection, join(part, LIST));
    return { point: row!.point.toISOString(), tables, sha256 };
  } finally {
    await connection`rollback`.catch(() => {});
  }
}

async function writeList(connection: Connection, path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const batch of storedObjects(connection)) {
      const lines = batch.map(listLine).join('');
      hash.update(lines);
      await file.write(lines);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** Not the key, and nothing from which it could be found: only whether two are the same. */
export function markOf(services: Pick<Services, 'key'>): string {
  return deriveToken(services, 'backup', 'key').slice(0, 16);
}

async function onDisk(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
