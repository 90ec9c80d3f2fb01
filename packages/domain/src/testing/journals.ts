import * as Y from 'yjs';
import { append } from '../journal/index.ts';
import type { World } from './world.ts';

/** What `damagedJournal` wrote, one row each; the middle one is broken. */
export const WRITTEN = ['一', '二', '三'] as const;

/** Writes three rows into the item's journal, each by a client of its own, and breaks the second. */
export async function damagedJournal(world: World, itemId: string): Promise<void> {
  const [item] = await world.sql<{ generation: number }[]>`select generation from items where id = ${itemId}`;
  const generation = item!.generation;
  const seqs: number[] = [];
  for (const text of WRITTEN) {
    const doc = new Y.Doc();
    doc.getArray('words').push([text]);
    const updates = [Y.encodeStateAsUpdate(doc)];
    const { seq } = await append(world.services, { itemId, generation, author: world.officer.id, updates });
    seqs.push(seq);
  }
  await world.sql`
    update journal_rows set updates = updates || 'x'::bytea
    where item = ${itemId} and generation = ${generation} and seq = ${seqs[1]!}`;
}
