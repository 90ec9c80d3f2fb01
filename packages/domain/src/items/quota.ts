import type { Tx } from '@engawa/db';
import { Conflict } from '@engawa/schema';
import * as db from './quota.sql.ts';

/**
 * Throws unless the space has room for so many bytes more; until the transaction ends, nobody else brings any.
 * Errors: Conflict `files.quota` (`{ free, quota, size }`).
 */
export async function requireQuota(tx: Tx, spaceId: string, size: number): Promise<void> {
  await db.lockQuota(tx, spaceId);
  const { quota, used } = await db.usage(tx, spaceId);
  if (quota === null || used + size <= quota) return;
  const free = Math.max(0, quota - used);
  throw new Conflict('files.quota', 'The space has no room for this', { free, quota, size });
}
