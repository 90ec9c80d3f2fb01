import { createHash } from 'node:crypto';
import type { Sql } from '@engawa/db';
import { lastLink, numbered, setLinks, takeSequencer, unnumbered, type ChainRow } from './ledger.sql.ts';

const BATCH = 500;

/**
 * Numbers what has been committed and chains it. Exactly one process does it at a time (an advisory lock);
 * the others return 0 at once. Returns how many rows were numbered.
 */
export async function sequence(sql: Sql): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await sql.begin(async (tx) => {
      if (!(await takeSequencer(tx))) return 0;
      const rows = await unnumbered(tx, BATCH);
      if (rows.length === 0) return 0;
      let { pos, hash } = await lastLink(tx);
      const links = rows.map((row) => {
        pos += 1;
        hash = linkHash(hash, pos, row);
        return { id: row.id, pos, hash };
      });
      await setLinks(tx, links);
      return links.length;
    });
    total += count;
    if (count < BATCH) return total;
  }
}

/** The hash of one link: SHA-256 over the hash before it and the row's own words. */
function linkHash(before: Buffer | null, pos: number, row: ChainRow): Buffer {
  const words = JSON.stringify([
    pos,
    row.id,
    row.at.toISOString(),
    row.actorKind,
    row.actorId,
    row.onBehalf,
    row.verb,
    row.objectKind,
    row.objectId,
    row.spaceId,
    sorted(row.ids),
    sorted(row.data),
    row.sideHash?.toString('hex') ?? null,
  ]);
  return createHash('sha256')
    .update(before ?? Buffer.alloc(32))
    .update(words)
    .digest();
}

/** PostgreSQL keeps jsonb keys in its own order; the chain needs one that never changes. */
function sorted(object: Record<string, unknown>): [string, unknown][] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Walks the whole chain. Returns the first position whose hash does not hold, or null when all do. */
export async function brokenLink(sql: Sql): Promise<number | null> {
  let before: Buffer | null = null;
  let pos = 0;
  for (;;) {
    const rows = await numbered(sql, pos, BATCH);
    for (const row of rows) {
      pos += 1;
      if (row.pos !== pos || !row.hash?.equals(linkHash(before, pos, row))) return row.pos;
      before = row.hash;
    }
    if (rows.length < BATCH) return null;
  }
}
