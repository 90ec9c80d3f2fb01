import type { Sql } from '@engawa/db';
import type { Services } from '../ctx.ts';
import { editsTold } from './edited.ts';
import { JournalWriter, type Appended } from './writer.ts';

/** Edits of one item by one person, as Yjs updates in V1 encoding. */
export interface Append {
  itemId: string;
  generation: number;
  /** The person who made them, or on whose behalf a job did. */
  author: string;
  updates: Uint8Array[];
}

const writers = new WeakMap<Sql, JournalWriter>();

/** The one writer of this process and pool. */
export function writerOf(sql: Sql): JournalWriter {
  const writer = writers.get(sql) ?? new JournalWriter(sql);
  writers.set(sql, writer);
  return writer;
}

/**
 * The one door into an item's content: editors, imports, restores and jobs all come through here, and live
 * connections learn of it by the tail. Permission was asked by the caller. When it resolves, the edits are durable, in
 * a row that may hold edits of others too.
 *
 * Throws `journal.generation` (Gone) when the item is gone or has begun a new generation, `journal.unavailable` when
 * the database did not answer in time, `journal.full` when too much waits already.
 */
export async function append({ sql }: Pick<Services, 'sql'>, edits: Append): Promise<Appended> {
  const { itemId, generation, author, updates } = edits;
  return writerOf(sql).append(
    itemId,
    generation,
    updates.map((update) => ({ author, update })),
  );
}

/** Bytes of this process that are not durable yet. */
export function waitingBytes({ sql }: Pick<Services, 'sql'>): number {
  return writers.get(sql)?.waitingBytes ?? 0;
}

/** Resolves when nothing waits to be written; for shutting down. */
export async function drainJournal({ sql }: Pick<Services, 'sql'>): Promise<void> {
  await writers.get(sql)?.idle();
  await editsTold(sql);
}
