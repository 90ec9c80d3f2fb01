import type { Db, Sql } from '@engawa/db';

/** One connection, held by whoever works on it. */
export type Connection = Awaited<ReturnType<Sql['reserve']>>;

export interface StoredObject {
  key: string;
  /** SHA-256, lower-case hex. */
  sha256: string;
}

/** What was changed after a restore. */
export interface Revived {
  /** Sessions that were ended. */
  sessions: number;
  /** Unfinished uploads that were forgotten: what had arrived of them lies in the old store. */
  uploads: number;
  /** Rows of purged files, whose bytes are not in a backup. */
  blobs: number;
  /** Spaces whose access is decided anew. */
  spaces: number;
}

/** What was purged waits in the store for its time and is nobody's any more: it is not kept for longer by a backup. */
export function storedObjects(connection: Connection): AsyncIterable<StoredObject[]> {
  return connection<StoredObject[]>`
    select b.key, encode(b.sha256, 'hex') as sha256 from blobs b
    where b.item_id is not null or exists (select from file_versions v where v.blob_id = b.id)
    order by b.key`.cursor(1_000);
}

export async function endSessions(tx: Db): Promise<number> {
  return (await tx`delete from sessions`).count;
}

/** A link that was used or replaced after the backup would work once more. */
export async function endLinks(tx: Db): Promise<void> {
  await tx`update password_resets set used_at = now() where used_at is null`;
  await tx`delete from setup_links`;
}

export async function dropUploads(tx: Db): Promise<number> {
  await tx`delete from uploads where finished_at is not null`;
  return (await tx`delete from uploads`).count;
}

export async function dropUnneeded(tx: Db): Promise<number> {
  const gone = await tx`
    delete from blobs b
    where b.item_id is null and not exists (select from file_versions v where v.blob_id = b.id)`;
  return gone.count;
}

/**
 * Jobs are not in a backup: the ledger's last day is followed once more, which makes those that had not been done.
 * Those that had been change nothing the second time.
 */
export async function rewindFollowers(tx: Db): Promise<void> {
  await tx`
    update ledger_followers set pos = least(pos, coalesce((
      select max(pos) from ledger where at < (select max(at) from ledger) - interval '1 day'), 0))`;
}

export async function raiseEpochs(tx: Db): Promise<number> {
  return (await tx`update spaces set access_epoch = access_epoch + 1`).count;
}
