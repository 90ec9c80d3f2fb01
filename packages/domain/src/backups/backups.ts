import type { Db, Sql } from '@engawa/db';
import { holdStore, leaveStore } from '../files/index.ts';
import * as db from './backups.sql.ts';

/**
 * Runs `work` on a connection of its own while nothing that the database refers to is removed from the store.
 * For whoever operates the instance; asks no permission.
 */
export async function holdingStore<T>(sql: Sql, work: (connection: db.Connection) => Promise<T>): Promise<T> {
  const connection = await sql.reserve();
  try {
    await holdStore(connection);
    return await work(connection).finally(() => leaveStore(connection).catch(() => {}));
  } finally {
    connection.release();
  }
}

/** Every object in the store that an item needs, as the transaction of `connection` sees it, in batches. */
export function storedObjects(connection: db.Connection): AsyncIterable<db.StoredObject[]> {
  return db.storedObjects(connection);
}

/**
 * Makes a database that was just restored one that people may enter: what was over may have come back with it, and
 * what was on its way cannot go on. Generations stay, so that browsers bring what they typed after the backup.
 */
export async function reviveDatabase(tx: Db): Promise<db.Revived> {
  const sessions = await db.endSessions(tx);
  await db.endLinks(tx);
  const uploads = await db.dropUploads(tx);
  const blobs = await db.dropUnneeded(tx);
  await db.rewindFollowers(tx);
  const spaces = await db.raiseEpochs(tx);
  return { sessions, uploads, blobs, spaces };
}
