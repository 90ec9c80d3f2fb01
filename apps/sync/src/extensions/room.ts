import type { Sql } from '@engawa/db';
import { journalBytes } from '@engawa/domain';
import { Refusal } from '../access/identify.ts';
import type { OpenDocument } from '../documents/open-documents.ts';

/** Bytes that an item may grow to: a node has to open it whole, and so has every page. */
export const MAX_ITEM = 64 << 20;

/**
 * Throws Refusal `full` when the item would grow beyond `most`. A day of typing adds far more here than it does to the
 * item, once it is merged: so before anybody is refused, the journal is asked.
 */
export async function requireRoom(sql: Sql, open: OpenDocument, bytes: number, most: number): Promise<void> {
  if (open.bytes + bytes <= most) return;
  open.bytes = await journalBytes(sql, open.itemId, open.generation);
  if (open.bytes + bytes > most) throw new Refusal('full', `more than ${most} bytes`);
}
