import { RECOVERY_DAYS, UPLOAD_DAYS } from '@engawa/schema';
import type { Ctx } from '../ctx.ts';
import { atStore } from './faults.ts';
import * as db from './garbage.sql.ts';
import { forgetUpload } from './uploads.sql.ts';

const DAY = 86_400_000;

export interface Collected {
  /** Uploads that nobody finished. */
  uploads: number;
  /** Blobs of purged files, past the recovery window. */
  blobs: number;
  /** Objects in the store that no row knows. */
  orphans: number;
  /** Unfinished things in the store that no row knows. */
  leftovers: number;
}

const NOTHING: Collected = { uploads: 0, blobs: 0, orphans: 0, leftovers: 0 };

/**
 * A job: gives back the room of expired uploads, of purged files past the recovery window, and of whatever crashes
 * left in the store. Rows go before objects, so that an object is never missing under a row; an object that could
 * not be deleted is found as an orphan the next time. Idempotent; called by the worker alone, once a day. While a
 * backup copies the store nothing is collected: what it has found in the database must still be there.
 * `now` is for tests. Throws Unavailable when the store does not answer; the rest is then done next time.
 */
export async function collectGarbage(ctx: Ctx, { now = new Date(), limit = 1_000 } = {}): Promise<Collected> {
  const connection = await ctx.sql.reserve();
  try {
    if (!(await db.takeStore(connection))) return NOTHING;
    return await collect(ctx, now, limit).finally(() => db.giveStoreBack(connection));
  } finally {
    connection.release();
  }
}

async function collect(ctx: Ctx, now: Date, limit: number): Promise<Collected> {
  const uploads = await expire(ctx, now, limit);
  await db.dropFinishedUploads(ctx.sql, now);
  await db.markUnused(ctx.sql, now);
  const { storage } = ctx.services;
  const unused = await db.dropUnused(ctx.sql, now, limit);
  return atStore(async () => {
    for (const key of unused) await storage.delete(key);
    const orphans = await sweepOrphans(ctx, now);
    const leftovers = await storage.sweep(new Date(now.getTime() - (UPLOAD_DAYS + 1) * DAY));
    return { uploads, blobs: unused.length, orphans, leftovers };
  });
}

async function expire(ctx: Ctx, now: Date, limit: number): Promise<number> {
  let gone = 0;
  for (const id of await db.expiredUploads(ctx.sql, now, limit)) {
    const upload = await ctx.sql.begin((tx) => forgetUpload(tx, id));
    if (!upload) continue;
    gone += 1;
    await atStore(async () => {
      await ctx.services.storage.abortUpload(upload, upload.parts);
      // It may have been completed in the store without becoming a file.
      await ctx.services.storage.delete(upload.key);
    });
  }
  return gone;
}

/** What is young may belong to a row that is about to be written, or that a restored database still lacks. */
async function sweepOrphans(ctx: Ctx, now: Date): Promise<number> {
  const { storage } = ctx.services;
  const old = now.getTime() - RECOVERY_DAYS * DAY;
  let [gone, batch]: [number, string[]] = [0, []];
  const sweep = async () => {
    for (const key of await db.unknownKeys(ctx.sql, batch)) {
      const stat = await storage.stat(key);
      if (!stat || stat.modified.getTime() >= old) continue;
      await storage.delete(key);
      gone += 1;
    }
    batch = [];
  };
  for await (const key of storage.list('')) {
    batch.push(key);
    if (batch.length === 1_000) await sweep();
  }
  await sweep();
  return gone;
}
