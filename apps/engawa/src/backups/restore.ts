import { join, resolve } from 'node:path';
import { appliedMigrations, filledTables, loadTables, migrate, ownMigrations } from '@engawa/db';
import { reviveDatabase, type Revived, type Services } from '@engawa/domain';
import { openFolderStorage, type Storage } from '@engawa/storage';
import { Stop } from '../stop.ts';
import { markOf } from './backup.ts';
import { copyObjects, type Copied } from './copy-objects.ts';
import { listedObjects, OBJECTS, openBackup, TABLES, type Manifest } from './manifest.ts';

export interface RestoreOptions {
  services: Services;
  folder: string;
  signal: AbortSignal;
}

export interface Restored {
  manifest: Manifest;
  objects: Copied;
  revived: Revived;
  /** Migrations that this program brought beyond those of the backup. */
  migrated: string[];
  /** Whether links that are still in mailboxes work on: they hang on the key. */
  sameKey: boolean;
}

/**
 * Restores a backup into an empty database and an empty store; refuses anything else before it changes anything.
 * Files come first and the database in one transaction after them, so that it can be begun again wherever it was cut.
 */
export async function restore({ services, folder: given, signal }: RestoreOptions): Promise<Restored> {
  const folder = resolve(given);
  const manifest = await openBackup(folder);
  const { sql, storage } = services;
  const last = await lastKnown(manifest, services);
  await refuseFilled(services);
  await storage.ready();
  await refuseForeign(storage, folder);
  const from = openFolderStorage(join(folder, OBJECTS));
  const objects = await copyObjects(listedObjects(folder), { from, to: storage, signal });
  signal.throwIfAborted();
  await migrate(sql, { last });
  const revived = await sql.begin(async (tx) => {
    await loadTables(tx, join(folder, TABLES), manifest.tables);
    signal.throwIfAborted();
    return reviveDatabase(tx);
  });
  const migrated = await migrate(sql);
  await sql`analyze`;
  return { manifest, objects, revived, migrated, sameKey: manifest.key === markOf(services) };
}

/** The last migration of the backup, all of which this program must know, and the database not be beyond. */
async function lastKnown(manifest: Manifest, { sql }: Services): Promise<string> {
  const own = new Map((await ownMigrations()).map(({ name, sha256 }) => [name, sha256]));
  const unknown = manifest.migrations.find(({ name, sha256 }) => own.get(name) !== sha256);
  if (unknown)
    throw new Stop(
      `This backup was made by Engawa ${manifest.engawa} with ${unknown.name}, which this one does not know: restore it with that version or a newer one.`,
    );
  const last = manifest.migrations.at(-1)?.name ?? '';
  const beyond = (await appliedMigrations(sql)).find(({ name }) => name > last);
  if (beyond)
    throw new Stop(
      `The database is newer than the backup (${beyond.name}): make a new, empty database for it.`,
    );
  return last;
}

async function refuseFilled({ sql }: Services): Promise<void> {
  const filled = await filledTables(sql);
  if (filled.length > 0)
    throw new Stop(
      `A backup is restored into an empty database, and this one holds ${filled.slice(0, 3).join(', ')}. ` +
        'Name a new one in DATABASE_URL, or a new folder in ENGAWA_DATA.',
    );
}

/** What lies in the store may only be what an interrupted restore of this same backup has put there. */
async function refuseForeign(storage: Storage, folder: string): Promise<void> {
  const known = new Set<string>();
  for await (const { key } of listedObjects(folder)) known.add(key);
  for await (const key of storage.list('')) {
    if (known.has(key)) continue;
    throw new Stop(
      'A backup is restored into an empty file store, and this one holds other files. Name a new bucket or folder in STORAGE_URL, or a new folder in ENGAWA_DATA.',
    );
  }
}
